import pytest
from hypothesis import given
from hypothesis import strategies as st

from addons.safety.combinations import met
from addons.safety.rules import Rule, Upgrade
from addons.safety.triage import rank
from tests.addons.helpers import rule

FEVER_BACK = (("fever", "chills"), ("spine_pain",))
FEVER_COUGH = (("fever",), ("cough",))
ALL_THREE = (("fever",), ("spine_pain",), ("CANCER",))


def infection(**options: object) -> Rule:
    return rule(id="INFECTION", **{"level": "urgent", **options})


BOTH = infection(
    together=(FEVER_BACK, FEVER_COUGH),
    upgrades=(Upgrade("emergency", (ALL_THREE,)), Upgrade("soon", (FEVER_COUGH,))),
)


@pytest.mark.parametrize(
    ("names", "flag"),
    [
        ({"fever", "spine_pain"}, [("INFECTION", "urgent", ("fever", "spine_pain"))]),
        ({"chills", "spine_pain"}, [("INFECTION", "urgent", ("chills", "spine_pain"))]),
        (
            {"fever", "chills", "spine_pain", "other"},
            [("INFECTION", "urgent", ("fever", "spine_pain"))],
        ),
        ({"fever", "chills"}, []),
        ({"spine_pain"}, []),
        (set(), []),
    ],
)
def test_one_of_each_part_must_be_there(names, flag):
    assert list(met([infection(together=(FEVER_BACK,))], names)) == flag


@pytest.mark.parametrize(
    ("names", "level", "meeting"),
    [
        ({"fever", "spine_pain"}, "urgent", ("fever", "spine_pain")),
        ({"fever", "cough"}, "urgent", ("fever", "cough")),
        (
            {"fever", "spine_pain", "CANCER", "cough"},
            "emergency",
            ("fever", "spine_pain", "CANCER"),
        ),
    ],
)
def test_a_flag_comes_once_at_its_highest_level(names, level, meeting):
    assert list(met([BOTH], names)) == [("INFECTION", level, meeting)]


def test_an_upgrade_alone_raises_the_flag_too():
    only = infection(upgrades=(Upgrade("soon", (FEVER_COUGH,)),))
    found = list(met([only], {"fever", "cough"}))
    assert found == [("INFECTION", "soon", ("fever", "cough"))]


def test_rules_are_looked_at_in_their_order():
    rules = [rule(id="A"), rule(id="B", together=(FEVER_BACK,)), BOTH]
    names = [flag for flag, _, _ in met(rules, ["spine_pain", "fever"])]
    assert names == ["B", "INFECTION"]


NAMES = st.sets(st.sampled_from(["fever", "chills", "spine_pain", "cough", "CANCER"]))


@given(NAMES, NAMES)
def test_more_signs_never_lower_a_flag(names, more):
    before = [rank(level) for _, level, _ in met([BOTH], names)]
    after = [rank(level) for _, level, _ in met([BOTH], names | more)]
    assert after >= before


@given(NAMES)
def test_what_met_is_known(names):
    assert all(names.issuperset(meeting) for _, _, meeting in met([BOTH], names))
