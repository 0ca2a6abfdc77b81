"""Held-out questions and how well a message was dealt with."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from documents.library import Library

QUESTIONS_FILE = Path("tests/clinic/questions.yml")
TUNING_FILE = Path("tests/clinic/tuning.yml")


@dataclass(frozen=True)
class Case:
    """One held-out message; `sections` is empty if nothing should answer it."""

    group: str
    text: str
    sections: tuple[str, ...]


@dataclass(frozen=True)
class Result:
    """What the assistant did: answered, offered, refused, or the name of an intent."""

    kind: str
    sections: tuple[str, ...]


def read_cases(file: Path, library: Library) -> list[Case]:
    """Reads a file of held-out questions."""
    tree = YAML(typ="safe").load(file)
    return list(_cases(tree, library))


def _cases(tree: Mapping[str, Any], library: Library) -> Iterator[Case]:
    def section(topic: str) -> str:
        return library.section_of_topic(topic) or f"unknown topic {topic}"

    for topic, texts in tree["topics"].items():
        for text in texts:
            yield Case("topics", text, (section(topic),))
    for group in ("several", "long_story"):
        for entry in tree[group]:
            topics = tuple(section(topic) for topic in entry["topics"])
            yield Case(group, entry["text"], topics)
    for group, texts in tree["out_of_scope"].items():
        for text in texts:
            yield Case(f"out of scope, {group}", text, ())


def result_of(parsed: Mapping[str, Any], library: Library) -> Result:
    """Returns what the assistant does with a parsed message."""
    questions = parsed.get("questions") or []
    if not questions:
        return Result(parsed["intent"]["name"] or "none", ())

    def sections(options: list[str]) -> tuple[str, ...]:
        return tuple(s for s in map(library.section_of_topic, options) if s)

    first = questions[0]
    if first["outcome"] == "choose":
        return Result("offered", sections(first["options"]))
    if first["outcome"] == "search":
        return Result("answered", (first["passages"][0]["section"],))
    answered = [q["options"][0] for q in questions if q["outcome"] == "answer"]
    if answered:
        return Result("answered", sections(answered))
    return Result("refused", ())
