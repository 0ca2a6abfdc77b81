"""Slots with a memory of their own: the gravest red flags, the latest source."""

from typing import Any

from rasa.shared.core.slots import AnySlot, ListSlot, TextSlot

from addons.safety.triage import LEVELS


class HighestLevelSlot(AnySlot):
    """Keeps the highest triage level that was set; `none` or null clears it."""

    type_name = "addons.slots.HighestLevelSlot"

    @property
    def value(self) -> Any:
        """The highest level since the last clearing."""
        return self._value

    @value.setter
    def value(self, level: Any) -> None:
        if level in (None, LEVELS[0]):
            self._value = LEVELS[0]
        else:
            current = self._value or LEVELS[0]
            self._value = max(current, level, key=LEVELS.index)
        self._has_been_set = True


class GrowingListSlot(ListSlot):
    """Adds what is set to what it holds, each once; null or an empty list clears it."""

    type_name = "addons.slots.GrowingListSlot"

    @property
    def value(self) -> Any:
        """All values since the last clearing, in the order they came."""
        return self._value

    @value.setter
    def value(self, added: Any) -> None:
        if not added:
            self._value: list[Any] = []
        else:
            values = added if isinstance(added, list) else [added]
            self._value = list(dict.fromkeys([*(self._value or []), *values]))
        self._has_been_set = True


class SectionSlot(TextSlot):
    """Holds a section address; the word `none` clears it.

    A slot mapping cannot set null, so domain.yml clears it with that word at each new
    message, before an action sets it anew.
    """

    type_name = "addons.slots.SectionSlot"

    @property
    def value(self) -> Any:
        """The address, or None."""
        return self._value

    @value.setter
    def value(self, address: Any) -> None:
        self._value = None if address in (None, "none") else address
        self._has_been_set = True
