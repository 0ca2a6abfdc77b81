"""Reads `data/safety/red_flags.yml`: clinical rules as data."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from addons.understanding.errors import SafetyRuleError

RULES_FILE = Path("data/safety/red_flags.yml")
LEVELS = ("none", "card", "check", "soon", "urgent", "emergency")
GAP = "..."
REQUIRED = ("id", "level", "condition", "patterns", "source")
OPTIONAL = ("family", "unless", "reviewer")
WORD_LIST = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True)
class Rule:
    """One red flag of the specification and the wordings that raise it."""

    id: str
    level: str
    condition: str
    family: str
    patterns: tuple[str, ...]
    unless: tuple[str, ...]
    source: str
    reviewer: str


def read_rules(file: Path = RULES_FILE) -> list[Rule]:
    """Reads the rules, with word lists filled into their patterns.

    Raises:
        SafetyRuleError: the file is missing or breaks the format, with file and line.
    """
    tree = _read(file)
    listed = tree.get("words") or {}
    entries = tree.get("red_flags") or []
    if not isinstance(listed, Mapping) or not isinstance(entries, list):
        raise SafetyRuleError(
            f"{file}: `words:` must hold named lists, and `red_flags:` must hold rules "
            "that begin with `- id:`. Correct their shape."
        )
    for name, row in listed.items():
        if not isinstance(row, str) or not row.split():
            line = int(tree["words"].lc.key(name)[0]) + 1
            raise SafetyRuleError(
                f"{file}:{line}: word list '{name}' must be words with spaces between "
                "them. Write at least one."
            )
    words = {str(name): "/".join(row.split()) for name, row in listed.items()}
    rules: list[Rule] = []
    lines: dict[str, int] = {}
    for number, entry in enumerate(entries):
        line = int(tree["red_flags"].lc.item(number)[0]) + 1
        rule = _rule(entry, words, f"{file}:{line}")
        if rule.id in lines:
            raise SafetyRuleError(
                f"{file}:{line}: id '{rule.id}' is used twice, first at line "
                f"{lines[rule.id]}. Rename one."
            )
        lines[rule.id] = line
        rules.append(rule)
    if not rules:
        raise SafetyRuleError(f"{file}: holds no rules under `red_flags:`.")
    return rules


def _read(file: Path) -> Any:
    try:
        tree = YAML(typ="rt").load(file)
    except OSError as error:
        raise SafetyRuleError(
            f"{file}: cannot be read ({error.strerror}). The assistant must not start "
            "without its safety rules; put the file back."
        ) from error
    except YAMLError as error:
        raise SafetyRuleError(
            f"{file}: not valid YAML: {' '.join(str(error).split())}. Correct it."
        ) from error
    if not isinstance(tree, Mapping):
        raise SafetyRuleError(f"{file}: holds no rules under `red_flags:`.")
    return tree


def _rule(entry: Any, words: Mapping[str, str], where: str) -> Rule:
    if not isinstance(entry, Mapping):
        raise SafetyRuleError(f"{where}: a rule must begin with `- id:`.")
    unknown = sorted(set(entry) - {*REQUIRED, *OPTIONAL})
    if unknown:
        known = ", ".join((*REQUIRED, *OPTIONAL))
        raise SafetyRuleError(f"{where}: unknown key '{unknown[0]}'. Known: {known}.")
    missing = [key for key in REQUIRED if not entry.get(key)]
    if missing:
        raise SafetyRuleError(f"{where}: '{missing[0]}' is missing. Add it.")
    if entry["level"] not in LEVELS:
        raise SafetyRuleError(
            f"{where}: level '{entry['level']}' is unknown. Use one of "
            f"{', '.join(LEVELS)}."
        )
    return Rule(
        id=str(entry["id"]),
        level=str(entry["level"]),
        condition=str(entry["condition"]),
        family=str(entry.get("family") or "general"),
        patterns=_patterns(entry["patterns"], words, where),
        unless=_patterns(entry.get("unless") or [], words, where),
        source=str(entry["source"]),
        reviewer=str(entry.get("reviewer") or ""),
    )


def _patterns(listed: Any, words: Mapping[str, str], where: str) -> tuple[str, ...]:
    if not isinstance(listed, list) or not all(isinstance(p, str) for p in listed):
        raise SafetyRuleError(
            f"{where}: `patterns:` and `unless:` must be lists, one wording a line "
            "after `- `, and in quotes if it is a number. Correct them."
        )
    filled = []
    for pattern in listed:
        for name in WORD_LIST.findall(pattern):
            if name not in words:
                raise SafetyRuleError(
                    f"{where}: pattern '{pattern}' names the word list '{name}', which "
                    "does not stand under `words:`. Add it, or correct the name."
                )
        parts = WORD_LIST.sub(lambda match: words[match.group(1)], pattern).split()
        ends = (parts[0], parts[-1]) if parts else (GAP,)
        if GAP in ends or not all(re.search(r"\w", part) for part in ends):
            raise SafetyRuleError(
                f"{where}: pattern '{pattern}' must begin and end with a word."
            )
        if "{" in " ".join(parts) or "}" in " ".join(parts):
            raise SafetyRuleError(
                f"{where}: pattern '{pattern}' has a brace that is not part of a word "
                "list such as `{LEG}`. Correct the name."
            )
        if any(not option for part in parts for option in part.split("/")):
            raise SafetyRuleError(
                f"{where}: pattern '{pattern}' has a slash with no word beside it. "
                "Write the missing word, or delete the slash."
            )
        filled.append(" ".join(parts))
    return tuple(filled)
