"""Reads the files in which a clinic words what the program sends by itself."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from records.errors import SettingsError


def read_texts(file: Path, name: str) -> Mapping[str, Any]:
    """Returns what stands under one name of a file.

    Raises:
        SettingsError: the file is missing or is not what it should be.
    """
    try:
        tree = YAML(typ="safe").load(file)
    except OSError as error:
        raise SettingsError(
            f"{file}: cannot be read ({error.strerror}). What the clinic writes to "
            "patients stands in this file; put it back."
        ) from error
    except YAMLError as error:
        raise SettingsError(
            f"{file}: not valid YAML: {' '.join(str(error).split())}. Correct it."
        ) from error
    found = tree.get(name) if isinstance(tree, Mapping) else None
    if not isinstance(found, Mapping):
        raise missing(file, name)
    return found


def missing(file: Path, path: str) -> SettingsError:
    """Returns the error for a text that is not there."""
    return SettingsError(f"{file}: '{path}' is missing or incomplete. Fill it in.")


def unfillable(file: Path, path: str, error: Exception) -> SettingsError:
    """Returns the error for a text that names a value which does not exist."""
    return SettingsError(
        f"{file}: {path} cannot be filled ({error}). Use only the names in braces that "
        "the top of the file lists."
    )


def spoken(starts_at: str, zone: ZoneInfo) -> str:
    """Returns a moment in ISO form as people say it; empty for none."""
    if not starts_at:
        return ""
    local = datetime.fromisoformat(starts_at).astimezone(zone)
    return f"{local:%A} {local.day} {local:%B %Y}, {local:%H:%M}"
