"""What a yes to a safety question raises and means, in words for the ambulance."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from addons.safety.rules import RuleBook
from addons.safety.yaml_file import read_yaml
from addons.understanding.errors import SafetyRuleError

ASKS_FILE = Path("data/safety/asks.yml")
GENERAL = "general"
KEYS = frozenset({"raises", "tell"})


@dataclass(frozen=True)
class Ask:
    """A question: the flag that a yes raises, and what a yes means."""

    tell: str
    raises: str = ""


def read_asks(book: RuleBook, file: Path = ASKS_FILE) -> dict[str, Ask]:
    """Returns the questions that the rules may ask, by their names.

    Raises:
        SafetyRuleError: the file is missing or breaks the format, or a rule asks a
            question that it does not have.
    """
    tree = read_yaml(file)
    rows = tree.get("asks") if isinstance(tree, Mapping) else None
    if not isinstance(rows, Mapping) or GENERAL not in rows:
        raise SafetyRuleError(f"{file}: `asks:` must hold `{GENERAL}:` and others.")
    known = {rule.id for rule in book.rules}
    asks = {str(name): _ask(row, f"{file}: '{name}'") for name, row in rows.items()}
    for name, ask in asks.items():
        if ask.raises and known and ask.raises not in known:
            raise SafetyRuleError(
                f"{file}: '{name}' raises '{ask.raises}', which no rule has as its id. "
                "Correct it."
            )
    for rule in book.rules:
        if rule.asks and rule.asks not in asks:
            raise SafetyRuleError(
                f"{file}: the rule {rule.id} asks '{rule.asks}', which is not here. "
                "Add it, or correct the rule."
            )
    return asks


def _ask(row: Any, where: str) -> Ask:
    if not isinstance(row, Mapping) or not set(row) <= KEYS:
        raise SafetyRuleError(f"{where} must have `tell:`, and may have `raises:`.")
    tell, raises = row.get("tell"), row.get("raises", "")
    if not isinstance(tell, str) or not tell.strip() or not isinstance(raises, str):
        raise SafetyRuleError(f"{where}: `tell:` must be a sentence. Write it.")
    return Ask(tell, raises)
