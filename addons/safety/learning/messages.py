"""Reads the example messages: level, flags, context and text, one a line."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from addons.safety.triage import LEVELS
from addons.understanding.errors import SafetyRuleError

MESSAGES_FOLDER = Path("data/safety/messages")
CONTEXTS = frozenset(
    """
    plain hedged denied past history hypothetical other_now other_past family idiom
    fiction faq booking form story unsure resolved normal
    """.split()  # noqa: SIM905
)
COLUMNS = 4


@dataclass(frozen=True)
class Example:
    """A message and what its writer meant.

    Attributes:
        flags: present ones; for a quiet message those whose words appear.
        source: the pass of one writer that it stands in.
    """

    level: str
    flags: tuple[str, ...]
    context: str
    text: str
    source: str

    @property
    def quiet(self) -> bool:
        """Says whether nothing is to be done beyond the card."""
        return self.level in ("none", "card")


def read_messages(files: Iterable[Path]) -> list[Example]:
    """Returns the examples of some files.

    Raises:
        SafetyRuleError: a line breaks the format, with file and line.
    """
    found = []
    for file in sorted(files):
        for number, line in enumerate(_lines(file), start=1):
            parts = line.split("\t")
            if len(parts) != COLUMNS:
                raise SafetyRuleError(
                    f"{file}:{number}: {len(parts)} columns instead of level, flags, "
                    "context and message with a tab between them. Correct the line."
                )
            level, flags, context, text = parts
            if level not in LEVELS or context not in CONTEXTS or not text.strip():
                raise SafetyRuleError(
                    f"{file}:{number}: level '{level}' or context '{context}' is "
                    "unknown, or the message is empty. Correct the line."
                )
            named = () if flags == "-" else tuple(flags.split("+"))
            if not all(named):
                raise SafetyRuleError(
                    f"{file}:{number}: a flag has no name. Write `-` for no flag."
                )
            found.append(Example(level, named, context, text, file.stem))
    return found


def _lines(file: Path) -> list[str]:
    try:
        return file.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise SafetyRuleError(
            f"{file}: cannot be read as UTF-8 text ({error})."
        ) from error
