"""Reads `data/safety/red_flags/`: word lists, signs and red flags."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from addons.safety.rules import GAP, Combination, Rule, RuleBook, Sign, Upgrade
from addons.safety.triage import LEVELS
from addons.understanding.errors import SafetyRuleError

RULES_FOLDER = Path("data/safety/red_flags")
PARTS = ("words", "signs", "red_flags")
RULE_NEEDS = ("id", "level", "condition", "source")
RULE_MAY = ("patterns", "together", "unless", "doubtful", "upgrades", "resolved",
            "family", "asks", "history", "reviewer")  # fmt: skip
SIGN_NEEDS = ("sign", "meaning", "patterns")
SIGN_MAY = ("unless", "history")
UPGRADE_NEEDS = ("level", "together")
WORD_LIST = re.compile(r"\{(\w+)\}")


def read_rules(folder: Path = RULES_FOLDER) -> RuleBook:
    """Reads all files of a folder; a word list or a sign may stand in any of them.

    Raises:
        SafetyRuleError: a file is missing or breaks the format, with file and line.
    """
    files = sorted(folder.glob("*.y*ml")) if folder.is_dir() else [folder]
    if not files:
        raise SafetyRuleError(f"{folder}: holds no rules. Put its files back.")
    trees = {file: _read(file) for file in files}
    reader = _Reader(_word_lists(trees))
    signs = [reader.sign(*entry) for entry in _entries(trees, "signs")]
    rules = [reader.rule(*entry) for entry in _entries(trees, "red_flags")]
    if not rules:
        raise SafetyRuleError(f"{folder}: holds no rules under `red_flags:`.")
    reader.check_combinations()
    return RuleBook(tuple(rules), tuple(signs))


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
    unknown = sorted(set(tree) - set(PARTS))
    if unknown:
        raise SafetyRuleError(
            f"{file}: unknown part '{unknown[0]}'. Known: {', '.join(PARTS)}."
        )
    return tree


def _entries(trees: Mapping[Path, Any], part: str) -> Iterator[tuple[Any, str]]:
    """Yields each entry of a part, with the file and line where it stands."""
    for file, tree in trees.items():
        entries: Any = tree.get(part) or []
        if not hasattr(entries, "append"):
            raise SafetyRuleError(
                f"{file}: `{part}:` must hold entries that begin with `- `. "
                "Correct its shape."
            )
        for number, entry in enumerate(entries):
            yield entry, f"{file}:{int(entries.lc.item(number)[0]) + 1}"


def _word_lists(trees: Mapping[Path, Any]) -> dict[str, str]:
    words: dict[str, str] = {}
    for file, tree in trees.items():
        listed: Any = tree.get("words") or {}
        if not hasattr(listed, "items"):
            raise SafetyRuleError(f"{file}: `words:` must hold named lists.")
        for name, row in listed.items():
            where = f"{file}:{int(listed.lc.key(name)[0]) + 1}"
            if not isinstance(row, str) or not row.split():
                raise SafetyRuleError(
                    f"{where}: word list '{name}' must be words with spaces between "
                    "them. Write at least one."
                )
            if name in words:
                raise SafetyRuleError(f"{where}: word list '{name}' is there twice.")
            words[str(name)] = "/".join(row.split())
    return words


class _Reader:
    """Checks entries one by one and remembers the names that they use."""

    def __init__(self, words: Mapping[str, str]) -> None:
        self._words = words
        self._places: dict[str, str] = {}
        self._combined: list[tuple[str, str]] = []

    def sign(self, entry: Any, where: str) -> Sign:
        _check_keys(entry, SIGN_NEEDS, SIGN_MAY, "sign", where)
        name = self._named(str(entry["sign"]), where)
        return Sign(
            name=name,
            meaning=str(entry["meaning"]),
            patterns=self._patterns(entry, "patterns", where),
            unless=self._patterns(entry, "unless", where),
            history=_yes(entry, "history", where),
        )

    def rule(self, entry: Any, where: str) -> Rule:
        _check_keys(entry, RULE_NEEDS, RULE_MAY, "id", where)
        if not any(entry.get(key) for key in ("patterns", "together", "doubtful")):
            raise SafetyRuleError(f"{where}: 'patterns' is missing. Add it.")
        name = self._named(str(entry["id"]), where)
        upgrades = entry.get("upgrades") or []
        if not isinstance(upgrades, list):
            raise SafetyRuleError(f"{where}: `upgrades:` must be a list.")
        return Rule(
            id=name,
            level=_level(entry, "level", where),
            condition=str(entry["condition"]),
            family=str(entry.get("family") or "general"),
            patterns=self._patterns(entry, "patterns", where),
            unless=self._patterns(entry, "unless", where),
            doubtful=self._patterns(entry, "doubtful", where),
            together=self._combinations(entry, where),
            upgrades=tuple(self._upgrade(upgrade, where) for upgrade in upgrades),
            resolved=_level(entry, "resolved", where)
            if "resolved" in entry
            else "card",
            asks=str(entry.get("asks") or ""),
            history=_yes(entry, "history", where),
            source=str(entry["source"]),
            reviewer=str(entry.get("reviewer") or ""),
        )

    def check_combinations(self) -> None:
        """Makes sure that each name in a combination is a sign or a flag."""
        for name, where in self._combined:
            if name not in self._places:
                raise SafetyRuleError(
                    f"{where}: `together:` names '{name}', which is neither a sign nor "
                    "a red flag. Correct the name."
                )

    def _named(self, name: str, where: str) -> str:
        if name in self._places:
            raise SafetyRuleError(
                f"{where}: id '{name}' is used twice, first at "
                f"{self._places[name].rpartition(':')[0]} line "
                f"{self._places[name].rpartition(':')[2]}. Rename one."
            )
        self._places[name] = where
        return name

    def _upgrade(self, entry: Any, where: str) -> Upgrade:
        _check_keys(entry, UPGRADE_NEEDS, (), "level", where)
        level = _level(entry, "level", where)
        return Upgrade(level, self._combinations(entry, where))

    def _combinations(self, entry: Any, where: str) -> tuple[Combination, ...]:
        found = []
        for row in _texts(entry, "together", where):
            parts = tuple(tuple(part.strip().split("/")) for part in row.split("+"))
            if len(parts) < 2 or not all(all(part) for part in parts):
                raise SafetyRuleError(
                    f"{where}: combination '{row}' must be names with `+` between them."
                )
            self._combined += [(name, where) for part in parts for name in part]
            found.append(parts)
        return tuple(found)

    def _patterns(self, entry: Any, key: str, where: str) -> tuple[str, ...]:
        return tuple(self._pattern(p, where) for p in _texts(entry, key, where))

    def _pattern(self, pattern: str, where: str) -> str:
        for name in WORD_LIST.findall(pattern):
            if name not in self._words:
                raise SafetyRuleError(
                    f"{where}: pattern '{pattern}' names the word list '{name}', which "
                    "does not stand under `words:`. Add it, or correct the name."
                )
        filled = WORD_LIST.sub(lambda match: self._words[match.group(1)], pattern)
        parts = filled.split()
        ends = (parts[0], parts[-1]) if parts else (GAP,)
        if GAP in ends or not all(re.search(r"\w", part) for part in ends):
            raise SafetyRuleError(
                f"{where}: pattern '{pattern}' must begin and end with a word."
            )
        if "{" in filled or "}" in filled:
            raise SafetyRuleError(
                f"{where}: pattern '{pattern}' has a brace that is not part of a word "
                "list such as `{LEG}`. Correct the name."
            )
        if any(not option for part in parts for option in part.split("/")):
            raise SafetyRuleError(
                f"{where}: pattern '{pattern}' has a slash with no word beside it. "
                "Write the missing word, or delete the slash."
            )
        return " ".join(parts)


def _check_keys(
    entry: Any, needs: tuple[str, ...], may: tuple[str, ...], first: str, where: str
) -> None:
    if not isinstance(entry, Mapping):
        raise SafetyRuleError(f"{where}: an entry must begin with `- {first}:`.")
    unknown = sorted(set(entry) - {*needs, *may})
    if unknown:
        known = ", ".join((*needs, *may))
        raise SafetyRuleError(f"{where}: unknown key '{unknown[0]}'. Known: {known}.")
    missing = [key for key in needs if not entry.get(key)]
    if missing:
        raise SafetyRuleError(f"{where}: '{missing[0]}' is missing. Add it.")


def _level(entry: Any, key: str, where: str) -> str:
    if entry[key] not in LEVELS:
        raise SafetyRuleError(
            f"{where}: level '{entry[key]}' is unknown. Use one of {', '.join(LEVELS)}."
        )
    return str(entry[key])


def _yes(entry: Any, key: str, where: str) -> bool:
    value = entry.get(key, False)
    if not isinstance(value, bool):
        raise SafetyRuleError(f"{where}: '{key}' must be true or false.")
    return value


def _texts(entry: Any, key: str, where: str) -> list[str]:
    listed = entry.get(key) or []
    if not isinstance(listed, list) or not all(isinstance(p, str) for p in listed):
        raise SafetyRuleError(
            f"{where}: `{key}:` must be a list, one wording a line after `- `, and in "
            "quotes if it is a number. Correct it."
        )
    return listed
