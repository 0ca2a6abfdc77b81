"""The wording of what staff's answers tell patients by WhatsApp."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from addons.whatsapp.cutting import size
from addons.whatsapp.parts import META, Choice, Part
from documents.facts import Facts
from documents.library import CLINIC_FOLDER
from records.clinic_texts import missing, read_texts, spoken, unfillable
from records.errors import SettingsError
from records.notices import PATIENT_IS_TOLD

VALUES = ("reference", "when", "clinic_name", "clinic_phone", "clinic_email",
          "clinic_hours")  # fmt: skip
# Only an offer waits for an answer.
OFFER = "proposed"
# No value is longer than a few words.
LONGEST_VALUES = 200


@dataclass(frozen=True)
class NoticeText:
    """What is told about one event.

    Attributes:
        template: its name at Meta or Twilio; "" if there is none.
        values: names of what goes into it, in order.
    """

    text: str
    template: str
    values: tuple[str, ...]


class WhatsAppTexts:
    """All notices of a clinic, filled with its facts and the values of a request."""

    def __init__(
        self,
        texts: Mapping[str, NoticeText],
        *,
        language: str,
        answer_button: str,
        facts: Facts,
    ) -> None:
        self._texts = texts
        self._language = language
        self._answer_button = answer_button
        self._facts = facts.for_responses()
        self._zone = ZoneInfo(facts.get("time_zone"))

    @classmethod
    def from_folder(cls, folder: Path = CLINIC_FOLDER) -> "WhatsAppTexts":
        """Reads `whatsapp.yml` and `clinic.yml` of a clinic's folder.

        Raises:
            SettingsError: a text is missing or names a value that does not exist.
        """
        file = folder / "whatsapp.yml"
        tree = read_texts(file, "whatsapp")
        texts = {event: _notice(tree, event, file) for event in PATIENT_IS_TOLD}
        language, button = tree.get("language"), tree.get("answer_button")
        if not (isinstance(language, str) and language):
            raise missing(file, "whatsapp.language")
        if not (isinstance(button, str) and 0 < size(button) <= META.button_title):
            raise SettingsError(
                f"{file}: 'whatsapp.answer_button' must have 1 to "
                f"{META.button_title} letters. Shorten it."
            )
        facts = Facts.from_file(folder / "clinic.yml")
        made = cls(texts, language=language, answer_button=button, facts=facts)
        for event in texts:
            try:
                text = made.text(event, reference="K7Q-4MD", starts_at="").text
            except (KeyError, ValueError, IndexError) as error:
                path = f"whatsapp.to_patient.{event}"
                raise unfillable(file, path, error) from error
            if size(text) > META.body - LONGEST_VALUES:
                raise SettingsError(f"{file}: the text of '{event}' is too long.")
        return made

    def text(self, event: str, *, reference: str, starts_at: str) -> Part:
        """Returns the message for a patient who wrote within the last 24 hours."""
        values = self._values(reference, starts_at)
        text = self._texts[event].text.format(**values).strip()
        if event != OFFER:
            return Part("text", text)
        # To tap it is to write the reference: the desk then tells of the offer.
        return Part("buttons", text, (Choice(self._answer_button, reference),))

    def template(self, event: str, *, reference: str, starts_at: str) -> Part | None:
        """Returns the message for everybody else; None if there is no template."""
        notice = self._texts[event]
        if not notice.template:
            return None
        known = self._values(reference, starts_at)
        # Meta refuses a line break or an empty value.
        values = tuple(" ".join(known[name].split()) or "-" for name in notice.values)
        return Part("template", notice.template, values=values, language=self._language)

    def _values(self, reference: str, starts_at: str) -> dict[str, str]:
        when = spoken(starts_at, self._zone)
        return {**self._facts, "reference": reference, "when": when}


def _notice(tree: Mapping[str, Any], event: str, file: Path) -> NoticeText:
    path = f"whatsapp.to_patient.{event}"
    group = tree.get("to_patient")
    row = group.get(event) if isinstance(group, Mapping) else None
    if not isinstance(row, Mapping) or not isinstance(row.get("text"), str):
        raise missing(file, path)
    template, values = row.get("template") or "", row.get("values") or []
    if not isinstance(values, list) or not set(values) <= set(VALUES):
        raise SettingsError(
            f"{file}: {path}.values may hold only {', '.join(VALUES)}. Correct it."
        )
    return NoticeText(row["text"], str(template), tuple(values))
