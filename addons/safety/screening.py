"""The safety check: twelve yes/no questions, as data."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from addons.safety.rules import RuleBook
from addons.safety.triage import LEVELS
from addons.safety.yaml_file import read_yaml
from addons.understanding.errors import SafetyRuleError

SCREENING_FILE = Path("data/safety/screening.yml")
KEYS = frozenset({"question", "flag", "level"})
BEFORE = ("before_topics", "before_sections", "before_intents")


@dataclass(frozen=True)
class ScreeningQuestion:
    """One question: the end of its response's name, and what a yes raises."""

    name: str
    flag: str
    level: str

    @property
    def response(self) -> str:
        """The response that asks it."""
        return f"utter_screening_{self.name}"


@dataclass(frozen=True)
class Screening:
    """The questions in their order, and what they come before."""

    questions: tuple[ScreeningQuestion, ...]
    before_topics: frozenset[str]
    before_sections: frozenset[str]
    before_intents: frozenset[str]


def read_screening(book: RuleBook, file: Path = SCREENING_FILE) -> Screening:
    """Reads the safety check.

    Raises:
        SafetyRuleError: the file is missing or breaks the format, or names a flag that
            no rule has.
    """
    tree = read_yaml(file, "rt")
    rows: Any = tree.get("questions") if isinstance(tree, Mapping) else None
    if not rows or not hasattr(rows, "append"):
        raise SafetyRuleError(f"{file}: `questions:` must list the questions.")
    known = {rule.id for rule in book.rules}
    questions: list[ScreeningQuestion] = []
    for number, row in enumerate(rows):
        where = f"{file}:{int(rows.lc.item(number)[0]) + 1}"
        names = [question.name for question in questions]
        if not isinstance(row, Mapping) or set(row) != KEYS or row["question"] in names:
            raise SafetyRuleError(
                f"{where}: a question needs {', '.join(sorted(KEYS))}, and a name of "
                "its own. Correct it."
            )
        if row["flag"] not in known or row["level"] not in LEVELS:
            raise SafetyRuleError(
                f"{where}: no rule has the flag '{row['flag']}', or the level "
                f"'{row['level']}' is unknown. Correct it."
            )
        questions.append(
            ScreeningQuestion(str(row["question"]), str(row["flag"]), str(row["level"]))
        )
    before = {key: tree.get(key) or [] for key in BEFORE}
    unknown = sorted(set(tree) - {"questions", "reviewer", *BEFORE})
    if unknown or not all(isinstance(names, list) for names in before.values()):
        raise SafetyRuleError(
            f"{file}: `{', '.join(BEFORE)}` must be lists of names"
            + (f"; '{unknown[0]}' is unknown." if unknown else ".")
        )
    return Screening(
        tuple(questions), *(frozenset(map(str, before[key])) for key in BEFORE)
    )
