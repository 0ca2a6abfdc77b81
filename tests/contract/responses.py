"""The responses of all files: what they name, what their buttons send."""

import ast
import re
from pathlib import Path

from ruamel.yaml import YAML

from addons.safety.asks import GENERAL
from addons.safety.read_rules import read_rules
from addons.safety.screening import read_screening
from documents.facts import Facts

ROOT = Path(__file__).parents[2]
DOMAIN = YAML(typ="safe").load(ROOT / "domain.yml")
SAFETY = YAML(typ="safe").load(ROOT / "data/safety/responses.yml")["responses"]
RESPONSES = {**DOMAIN["responses"], **SAFETY}
RULES = read_rules(ROOT / "data/safety/red_flags")
SCREENING = read_screening(RULES, ROOT / "data/safety/screening.yml")
CHECKS = [question.response for question in SCREENING.questions]
ASKS = sorted({f"utter_ask_{rule.asks or GENERAL}" for rule in RULES.rules})
NAME = re.compile(r"utter_[a-z][a-z0-9_]*")
PLACEHOLDER = re.compile(r"\{([^\n{}]+)\}")
ALWAYS_KNOWN = {*Facts({}).for_responses(), *DOMAIN["slots"]}
# "utter_did_you_mean_1" to 3: Python writes the number behind the name.
NUMBERED = "utter_did_you_mean_"
NUMBERS = ("1", "2", "3")


def literals(path: str) -> set[str]:
    """Returns the names of responses that stand in the code of a folder or file."""
    names = set()
    place = ROOT / path
    for file in [place] if place.is_file() else sorted(place.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found = NAME.fullmatch(node.value)
                if node.value == NUMBERED:
                    names |= {f"{node.value}{number}" for number in NUMBERS}
                elif found and not node.value.endswith("_"):
                    names.add(node.value)
    return names


def of_answers() -> set[str]:
    """Returns the responses of the answers from articles."""
    files = ("answering", "offers", "reminders", "sections")
    return {name for file in files for name in literals(f"actions/{file}.py")}


def of_desk() -> set[str]:
    """Returns the responses of booking, errands and privacy."""
    return literals("actions/booking") | literals("actions/privacy.py")


def in_rules() -> set[str]:
    files = sorted((ROOT / "data/rules").glob("*.yml"))
    return {name for file in files for name in NAME.findall(file.read_text("utf-8"))}


def used() -> set[str]:
    """Returns every response that code, rules or clinical data name."""
    code = literals("actions") | literals("addons")
    return code | in_rules() | set(ASKS) | set(CHECKS)


def placeholders(response: str) -> set[str]:
    """Returns what a response names, in its texts and its buttons."""
    found: set[str] = set()
    for variation in RESPONSES[response]:
        buttons = variation.get("buttons") or []
        texts = [variation["text"], *(t for b in buttons for t in b.values())]
        found |= {name for text in texts for name in PLACEHOLDER.findall(text)}
    return found


def payloads(response: str, values=None) -> list[str]:
    """Returns what the buttons of a response send, with values filled in."""
    return [
        PLACEHOLDER.sub(lambda match: (values or {})[match.group(1)], button["payload"])
        for variation in RESPONSES[response]
        for button in variation.get("buttons") or []
    ]
