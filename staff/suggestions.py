"""Drafts of new examples: files for the content editor, outside of what is trained."""

import os
import re
import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.scalarstring import LiteralScalarString

from staff.errors import ProblemError

NEW_TOPIC = "new"
LONGEST_EXAMPLE = 300
MOST_EXAMPLES = 20
HEADING = """\
# Drafted in the staff console. Nothing trains on this file.
# To use it: take out what could tell who asked, copy the examples below the topic in
# data/clinic/faq, delete this file, and run `make train`.
"""


@dataclass(frozen=True)
class Draft:
    """Examples that somebody suggests for a topic.

    Attributes:
        topic: such as `faq/heat`, or `new`.
        questions: the ids of the questions that it came from.
    """

    topic: str
    examples: tuple[str, ...]
    by: str
    at: datetime
    questions: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        """Raises ProblemError."""
        if not 0 < len(self.examples) <= MOST_EXAMPLES:
            raise ProblemError(f"Write 1 to {MOST_EXAMPLES} examples, one on a line.")
        if any(len(example) > LONGEST_EXAMPLE for example in self.examples):
            raise ProblemError(
                f"An example has {LONGEST_EXAMPLE} signs at most. Shorten it."
            )


class Suggestions:
    """A folder with one file for each draft."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def add(self, draft: Draft) -> Path:
        """Writes a draft to a new file and returns it.

        Raises:
            ProblemError: the folder cannot be written.
        """
        name = re.sub(r"[^a-z0-9]+", "-", draft.topic.lower()).strip("-")
        stem = f"{draft.at:%Y-%m-%d}-{name}-{secrets.token_hex(4)}"
        file = self._folder / f"{stem}.yml"
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            # Only its owner may read it: these are patients' words.
            handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "w", encoding="utf-8") as stream:
                stream.write(HEADING)
                YAML().dump(_tree(draft), stream)
        except OSError as error:
            raise ProblemError(
                f"The draft could not be written ({error.strerror}). See that the "
                f"folder '{self._folder}' can be written and its disk has room."
            ) from error
        return file

    def drafted(self) -> frozenset[int]:
        """Returns the ids of questions for which a draft is there."""
        return frozenset(self._ids())

    def _ids(self) -> Iterator[int]:
        for file in self._folder.glob("*.yml"):
            try:
                tree: Any = YAML(typ="safe").load(file)
                yield from map(int, tree["suggestion"]["questions"])
            except (OSError, YAMLError, KeyError, TypeError, ValueError):
                continue  # an editor may have changed or moved it


def lines(text: str) -> tuple[str, ...]:
    """Returns the examples of a text, one on each line, without list marks."""
    found = (" ".join(line.split()).lstrip("-").strip() for line in text.splitlines())
    return tuple(dict.fromkeys(line for line in found if line))


def _tree(draft: Draft) -> dict[str, Any]:
    examples: Sequence[str] = [f"- {example}" for example in draft.examples]
    return {
        "suggestion": {
            "topic": draft.topic,
            "by": draft.by,
            "at": draft.at.isoformat(timespec="minutes"),
            "questions": list(draft.questions),
            "examples": LiteralScalarString("\n".join(examples) + "\n"),
        }
    }
