"""Reads a file of `data/safety/` that is one YAML document."""

from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from addons.understanding.errors import SafetyRuleError


def read_yaml(file: Path, kind: str = "safe") -> Any:
    """Returns the content; kind `rt` knows its line numbers.

    Raises:
        SafetyRuleError: the file is missing or is no YAML.
    """
    try:
        return YAML(typ=kind).load(file)
    except (OSError, YAMLError) as error:
        raise SafetyRuleError(
            f"{file}: cannot be read: {' '.join(str(error).split())}. Correct it."
        ) from error
