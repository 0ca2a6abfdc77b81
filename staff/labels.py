"""Plain names for red flags and for the questions of the safety check."""

import logging
import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

logger = logging.getLogger(__name__)

SAFETY = Path("data/safety")
SCREENING = "utter_screening_"
NUMBER = re.compile(r"^\d+ of \d+\.\s*")


@lru_cache(maxsize=4)
def flags(folder: Path = SAFETY) -> dict[str, str]:
    """Returns the condition behind each red flag, by its id."""
    found: dict[str, str] = {}
    for file in sorted((folder / "red_flags").glob("*.yml")):
        rows = _read(file).get("red_flags") or ()
        found |= {str(r["id"]): str(r["condition"]) for r in rows if "condition" in r}
    return found


@lru_cache(maxsize=4)
def screening(folder: Path = SAFETY) -> dict[str, str]:
    """Returns what the safety check asks, by the name of the question."""
    return dict(_questions(_read(folder / "responses.yml").get("responses") or {}))


def _questions(responses: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name, texts in responses.items():
        if name.startswith(SCREENING) and texts and "text" in texts[0]:
            text = NUMBER.sub("", str(texts[0]["text"]))
            yield name.removeprefix(SCREENING), text


def _read(file: Path) -> Mapping[str, Any]:
    """Reads a file of rules; the console must open without it, with ids for names."""
    try:
        tree = YAML(typ="safe").load(file)
    except (OSError, YAMLError) as error:
        logger.warning("%s cannot be read (%s).", file, type(error).__name__)
        return {}
    return tree if isinstance(tree, Mapping) else {}
