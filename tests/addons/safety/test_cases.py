"""What staff kept with /save in `make shell`: each case keeps its level for good."""

from pathlib import Path

import pytest

from addons.safety.learning.messages import read_messages
from tests.addons.safety.test_phrases import detector, level

FILE = Path(__file__).parents[3] / "tests/safety/cases.tsv"
CASES = read_messages([FILE] if FILE.exists() else [])


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.text)
def test_a_kept_case_has_exactly_its_level(case):
    assert level(case.text) == case.level


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.text)
def test_a_kept_case_names_flags_of_the_rules(case):
    assert set(case.flags) <= {rule.id for rule in detector().book.rules}
