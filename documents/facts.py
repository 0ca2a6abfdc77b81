"""The clinic's facts, from `clinic.yml`: names, numbers, hours, prices."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from documents.errors import FactsError

PLACEHOLDER = re.compile(r"\{\{\s*([\w.]+)\s*\}\}")
# How YAML writes "nothing".
EMPTY = (None, "", "~", "null")
REQUIRED = (
    "name",
    "country",
    "time_zone",
    "phone.reception",
    "email",
    "hours.summary",
    "emergency.ambulance",
)


class Facts:
    """Everything the assistant may say about the clinic, by dotted path."""

    def __init__(self, values: Mapping[str, str], *, file: str = "clinic.yml") -> None:
        self._values = dict(values)
        self._file = file

    @classmethod
    def from_file(cls, file: Path) -> "Facts":
        """Reads `clinic.yml`.

        Raises:
            FactsError: the file is missing, is not YAML, or lacks a required fact.
        """
        tree = _read(file)
        values = dict(_flatten(tree))
        values.update(_emergency_numbers(tree, file))
        facts = cls(values, file=str(file))
        for path in REQUIRED:
            if not facts.get(path):
                raise FactsError(
                    f"{file}: '{path}' is missing or empty. The assistant cannot start "
                    "without it. Fill it in."
                )
        return facts

    @property
    def file(self) -> str:
        """The file that the facts stand in, for messages about a mistake in it."""
        return self._file

    def get(self, path: str) -> str:
        """Returns one fact as text, empty when there is none."""
        return self._values.get(path, "")

    def fill(self, text: str, *, where: str) -> str:
        """Replaces each `{{path}}` in a text by its fact.

        Raises:
            FactsError: the text names a fact that `clinic.yml` does not have.
        """

        def value(match: re.Match[str]) -> str:
            path = match.group(1)
            if path not in self._values:
                raise FactsError(
                    f"{where}: '{{{{{path}}}}}' is not in {self._file}. Add it there, "
                    "or correct the name between the braces."
                )
            return self._values[path]

        return PLACEHOLDER.sub(value, text)

    def for_responses(self) -> dict[str, str]:
        """Returns the facts that responses may name, such as `{clinic_phone}`."""
        ambulance = self.get("emergency.ambulance")
        return {
            "clinic_name": self.get("name"),
            "clinic_phone": self.get("phone.reception"),
            "clinic_email": self.get("email"),
            "clinic_hours": self.get("hours.summary"),
            "emergency_number": ambulance,
            "emergency_alternative": self.get("emergency.ambulance_alternative")
            or ambulance,
            "poison_line": self.get("emergency.poison_line") or ambulance,
            "crisis_line": self.get("emergency.crisis_line") or ambulance,
        }


def _read(file: Path) -> Mapping[str, Any]:
    try:
        # Everything stays text: an unquoted 000 must not become 0.
        tree = YAML(typ="base").load(file)
    except OSError as error:
        raise FactsError(
            f"{file}: cannot be read ({error.strerror}). The clinic's facts stand in "
            "this file; put it back."
        ) from error
    except YAMLError as error:
        raise FactsError(
            f"{file}: not valid YAML: {' '.join(str(error).split())}. Correct it."
        ) from error
    if not isinstance(tree, Mapping):
        raise FactsError(f"{file}: holds no facts. Write lines such as `name: ...`.")
    return tree


def _flatten(tree: Mapping[str, Any], prefix: str = "") -> list[tuple[str, str]]:
    pairs: list[tuple[str, str]] = []
    for key, value in tree.items():
        path = f"{prefix}{key}"
        if isinstance(value, Mapping):
            pairs += _flatten(value, f"{path}.")
        elif isinstance(value, list):
            pairs.append((path, ", ".join(str(item) for item in value)))
        elif value not in EMPTY:
            pairs.append((path, str(value)))
    return pairs


def _emergency_numbers(tree: Mapping[str, Any], file: Path) -> dict[str, str]:
    """Returns the numbers of the clinic's own country as `emergency.*`."""
    emergency = tree.get("emergency")
    countries = emergency.get("countries") if isinstance(emergency, Mapping) else None
    country = str(tree.get("country", ""))
    row = countries.get(country) if isinstance(countries, Mapping) else None
    if not isinstance(row, Mapping):
        known = ", ".join(countries) if isinstance(countries, Mapping) else ""
        raise FactsError(
            f"{file}: country '{country}' has no row under emergency.countries "
            f"(known: {known or 'none'}). Add one: patients in danger are given these "
            "numbers."
        )
    return {
        f"emergency.{key}": "" if value in EMPTY else str(value)
        for key, value in row.items()
    }
