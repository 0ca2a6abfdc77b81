"""The topics of `faq/*.yml`: which question is answered by which section."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from documents.errors import TopicError

PREFIX = "utter_"
FEWEST_EXAMPLES = 10


@dataclass(frozen=True)
class Topic:
    """A question that patients ask, and the address of its answer.

    `instead_of` names sections of another article: in a conversation about this
    topic's own article, a short question that would be answered there is answered
    here ("can you click it?" after an answer about the neck).
    """

    name: str
    section: str
    where: str
    instead_of: tuple[str, ...] = ()


def read_topics(file: Path) -> list[Topic]:
    """Reads the topics of one faq file.

    Raises:
        TopicError: the file is not YAML, a topic names no section, or has too few
            examples to be recognised.
    """
    try:
        tree = YAML(typ="rt").load(file)
    except YAMLError as error:
        raise TopicError(
            f"{file}: not valid YAML: {' '.join(str(error).split())}. Correct it."
        ) from error
    if not isinstance(tree, Mapping):
        raise TopicError(f"{file}: is empty. Delete it, or write `nlu:` in it.")
    entries = tree.get("nlu") or []
    if not isinstance(entries, list) or not all(
        isinstance(e, Mapping) for e in entries
    ):
        raise TopicError(
            f"{file}:{_line(tree, 'nlu')}: `nlu:` must hold entries such as "
            "`- intent: faq/heat`, each with its `examples: |`."
        )
    examples, lines = _examples(entries)
    responses: Any = tree.get("responses") or {}
    if not isinstance(responses, Mapping) or not all(
        isinstance(key, str) for key in responses
    ):
        raise TopicError(
            f"{file}:{_line(tree, 'responses')}: `responses:` must hold lines such as "
            "`utter_faq/heat:`, each with its section."
        )
    topics = [
        Topic(
            name=key.removeprefix(PREFIX),
            section=_section_address(value, key, file, _line(responses, key)),
            where=f"{file}:{_line(responses, key)}",
            instead_of=tuple(value[0]["custom"].get("instead_of") or ()),
        )
        for key, value in responses.items()
    ]
    for topic in topics:
        count = examples.get(topic.name, 0)
        if count < FEWEST_EXAMPLES:
            raise TopicError(
                f"{topic.where}: topic '{topic.name}' has {count} examples, it needs "
                f"{FEWEST_EXAMPLES}. Add questions as patients ask them under `nlu:`."
            )
    unanswered = sorted(set(examples) - {topic.name for topic in topics})
    if unanswered:
        name = unanswered[0]
        raise TopicError(
            f"{file}:{lines[name]}: '{name}' has examples and no answer. Add "
            f"`utter_{name}` with its section under `responses:`."
        )
    return topics


def _examples(entries: list[Any]) -> tuple[dict[str, int], dict[str, int]]:
    """Returns how many examples each intent has, and the line where they begin."""
    counts: dict[str, int] = {}
    lines: dict[str, int] = {}
    for entry in entries:
        if "intent" in entry and "examples" in entry:
            texts = str(entry["examples"]).splitlines()
            name = entry["intent"]
            counts[name] = sum(text.startswith("- ") for text in texts)
            lines[name] = entry.lc.line + 1
    return counts, lines


def _section_address(value: Any, key: str, file: Path, line: int) -> str:
    try:
        address = value[0]["custom"]["section"]
    except (KeyError, IndexError, TypeError):
        address = None
    if not isinstance(address, str):
        raise TopicError(
            f"{file}:{line}: '{key}' names no section. Write below it:\n"
            "    - custom:\n        section: article#section"
        )
    return address


def _line(mapping: Any, key: str) -> int:
    return int(mapping.lc.key(key)[0]) + 1
