"""What the widget shows of the clinic: its facts, and the words of `website.yml`."""

from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from addons.chat.errors import ChatSettingsError
from documents.facts import Facts

FILE = "website.yml"
MOST_QUESTIONS = 6
FACTS = {
    "name": "name",
    "phone": "phone.reception",
    "hours": "hours.summary",
    "emergency": "emergency.ambulance",
    "kept": "privacy.kept",
    "days": "privacy.conversation_days",
    "booking_days": "privacy.booking_days",
}


def read_setup(folder: Path) -> dict[str, Any]:
    """Returns what the browser gets before the first message.

    Raises:
        ChatSettingsError: `website.yml` is missing or says something else.
        FactsError: `clinic.yml` cannot be used.
    """
    facts = Facts.from_file(folder / "clinic.yml")
    words = _words(folder / FILE)
    setup: dict[str, Any] = {name: facts.get(path) for name, path in FACTS.items()}
    return {**setup, **words}


def _words(file: Path) -> dict[str, Any]:
    try:
        tree = YAML(typ="safe").load(file)
    except OSError as error:
        raise ChatSettingsError(
            f"{file}: cannot be read ({error.strerror}). The first words of the chat "
            "stand in this file; put it back."
        ) from error
    except YAMLError as error:
        raise ChatSettingsError(
            f"{file}: not valid YAML: {' '.join(str(error).split())}. Correct it."
        ) from error
    website = tree.get("website") if isinstance(tree, dict) else None
    if not isinstance(website, dict) or set(website) != {"greeting", "questions"}:
        raise ChatSettingsError(
            f"{file}: write `website:` and below it `greeting` and `questions`, and "
            "nothing else."
        )
    greeting, questions = website["greeting"], website["questions"]
    if not isinstance(greeting, str) or not _are_texts(questions):
        raise ChatSettingsError(
            f"{file}: `greeting` must be a text, and `questions` a list of at most "
            f"{MOST_QUESTIONS} texts. Correct them."
        )
    return {"greeting": greeting, "questions": questions}


def _are_texts(value: object) -> bool:
    return (
        isinstance(value, list)
        and len(value) <= MOST_QUESTIONS
        and all(isinstance(item, str) and item.strip() for item in value)
    )
