"""The phrases of the specification: what must be noticed, and what must not."""

from dataclasses import dataclass
from pathlib import Path

from addons.safety.triage import LEVELS
from addons.understanding.errors import SafetyRuleError

PHRASES_FILE = Path("data/safety/phrases.tsv")
HEADER = "flag\tlevel\tkind\tphrase"
KINDS = ("positive", "trap")


@dataclass(frozen=True)
class Phrase:
    """A short wording, the flag that it belongs to, and the level that it deserves.

    A trap only sounds like its flag.
    """

    flag: str
    level: str
    is_trap: bool
    text: str


def read_phrases(file: Path = PHRASES_FILE) -> list[Phrase]:
    """Returns all phrases.

    Raises:
        SafetyRuleError: a line breaks the format, with file and line.
    """
    header, *lines = file.read_text("utf-8").splitlines()
    if header != HEADER:
        raise SafetyRuleError(f"{file}:1: the first line must be '{HEADER}'.")
    phrases = []
    for number, line in enumerate(lines, start=2):
        parts = line.split("\t")
        if len(parts) != len(KINDS) + 2 or parts[1] not in LEVELS:
            raise SafetyRuleError(
                f"{file}:{number}: needs flag, level, kind and phrase with a tab "
                "between them. Correct the line."
            )
        flag, level, kind, text = parts
        if kind not in KINDS:
            raise SafetyRuleError(
                f"{file}:{number}: kind '{kind}' is unknown. Use {' or '.join(KINDS)}."
            )
        phrases.append(Phrase(flag, level, kind == "trap", text))
    return phrases
