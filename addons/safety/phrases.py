"""The phrases of the specification: what must be noticed, and what must not."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from addons.safety.triage import LEVELS
from addons.safety.wording import normalise
from addons.understanding.errors import SafetyRuleError

PHRASES_FILE = Path("data/safety/phrases.tsv")
HEADER = "flag\tlevel\tkind\tphrase"
KINDS = ("positive", "trap")
# How many words around a phrase may change it, and how many phrases are looked at.
AROUND = 2
SENTENCE_END = re.compile(r"[.!?;]")
MOST = 3


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
    try:
        lines = file.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise SafetyRuleError(
            f"{file}: cannot be read ({error}). Put it back."
        ) from error
    header, lines = "".join(lines[:1]), lines[1:]
    if header != HEADER:
        raise SafetyRuleError(f"{file}:1: the first line must be '{HEADER}'.")
    phrases = []
    for number, line in enumerate(lines, start=2):
        parts = line.split("\t")
        known = len(parts) == len(KINDS) + 2 and parts[1] in LEVELS
        if not known or not all(part.strip() for part in parts):
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


class PhraseFinder:
    """Finds the phrases of the specification that stand in a message word for word."""

    def __init__(self, phrases: Iterable[Phrase]) -> None:
        self._phrases = [
            (plain, re.compile(rf"(?<!\w){re.escape(plain)}(?!\w)"))
            for plain in (normalise(p.text) for p in phrases if not p.is_trap)
        ]
        self._whole = frozenset(plain for plain, _ in self._phrases)

    def is_one(self, text: str) -> bool:
        """Says whether a message is a phrase and nothing else."""
        return normalise(text).strip(" .!?") in self._whole

    def find(self, text: str) -> list[str]:
        """Returns each phrase with up to two words of its sentence around it."""
        found = []
        for line in text.splitlines():
            plain = normalise(line)
            for phrase, pattern in self._phrases:
                match = pattern.search(plain) if phrase in plain else None
                if match:
                    found.append(_window(plain, *match.span()))
        return found[:MOST]


def _window(plain: str, start: int, end: int) -> str:
    before = SENTENCE_END.split(plain[:start])[-1].split()[-AROUND:]
    after = SENTENCE_END.split(plain[end:])[0].split()[:AROUND]
    return " ".join([*before, plain[start:end], *after])
