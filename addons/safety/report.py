"""Prints all red flags for a clinician to sign: `make safety-report`."""

from addons.safety.phrases import read_phrases
from addons.safety.read_rules import read_rules
from addons.safety.rules import Rule
from addons.safety.triage import highest

UNSIGNED = "nobody yet"


def row(rule: Rule, example: str) -> str:
    """Returns one flag as a row of a Markdown table."""
    raised = " or ".join(
        text
        for text, has in (
            ("wording", bool(rule.patterns)),
            ("combination", bool(rule.together)),
            ("doubtful wording", bool(rule.doubtful)),
        )
        if has
    )
    highest_level = highest([rule.level, *(u.level for u in rule.upgrades)])
    higher = highest_level if highest_level != rule.level else ""
    cells = (
        rule.id,
        rule.level + (f", up to {higher}" if higher else ""),
        rule.condition,
        example,
        f"{len(rule.patterns)} patterns; {raised}",
        rule.source,
        rule.reviewer or UNSIGNED,
    )
    return "| " + " | ".join(cells) + " |"


def main() -> None:
    """Prints the table, the gravest flags first as they stand in the files."""
    examples: dict[str, str] = {}
    for phrase in read_phrases():
        if not phrase.is_trap:
            examples.setdefault(phrase.flag, phrase.text)
    book = read_rules()
    print("| flag | level | condition | example | raised by | source | signed by |")
    print("|---|---|---|---|---|---|---|")
    for rule in book.rules:
        print(row(rule, examples.get(rule.id, "")))
    unsigned = sum(not rule.reviewer for rule in book.rules)
    print(f"\n{len(book.rules)} flags, {unsigned} of them not signed.")


if __name__ == "__main__":
    main()
