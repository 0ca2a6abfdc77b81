import pytest

from addons.safety.read_rules import read_rules
from addons.safety.report import main, row
from addons.safety.rules import Upgrade
from tests.addons.helpers import rule

CELLS = 7
TOGETHER = ((("fever",), ("chills",)),)


@pytest.fixture
def printed(capsys) -> list[str]:
    main()
    return capsys.readouterr().out.splitlines()


def cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip("|").split("|")]


def test_prints_one_row_for_each_shipped_flag_with_an_example(printed):
    rows = [cells(line) for line in printed if line.startswith("| ")][1:]
    assert [found[0] for found in rows] == [rule.id for rule in read_rules().rules]
    assert [found for found in rows if len(found) != CELLS or "" in found] == []


def test_the_table_has_a_head(printed):
    assert len(cells(printed[0])) == CELLS
    assert printed[1] == "|" + "---|" * CELLS


def test_the_last_line_counts_the_flags_nobody_has_signed(printed):
    book = read_rules()
    unsigned = sum(not rule.reviewer for rule in book.rules)
    assert printed[-1] == f"{len(book.rules)} flags, {unsigned} of them not signed."


def test_a_row_says_what_raises_the_flag_and_who_signed_it():
    both = rule("chest pain", "heart ache", together=TOGETHER, source="NHS")
    assert cells(row(both, "my chest hurts")) == [
        "CHEST",
        "emergency",
        "a condition",
        "my chest hurts",
        "2 patterns; wording or combination",
        "NHS",
        "nobody yet",
    ]
    assert cells(row(rule("pain", reviewer="A. Clinician"), ""))[-1] == "A. Clinician"


def test_a_row_names_the_level_that_a_flag_may_reach():
    flag = rule("pain", level="soon", upgrades=(Upgrade("urgent", TOGETHER),))
    assert cells(row(flag, ""))[1] == "soon, up to urgent"


@pytest.mark.parametrize(
    ("levels", "expected"),
    [
        (("check",), "urgent"),
        (("check", "emergency"), "urgent, up to emergency"),
        (("urgent", "emergency"), "urgent, up to emergency"),
    ],
)
def test_a_row_names_the_gravest_level_only(levels, expected):
    upgrades = tuple(Upgrade(level, TOGETHER) for level in levels)
    flag = rule("pain", level="urgent", upgrades=upgrades)
    assert cells(row(flag, ""))[1] == expected


def test_a_row_tells_of_wordings_that_raise_a_doubt():
    assert "doubt" in row(rule(doubtful=("chest tight",)), "")
