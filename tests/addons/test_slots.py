import pytest
from rasa.shared.core.slots import Slot

from addons.slots import GrowingListSlot, HighestLevelSlot, SectionSlot


def set_in_turn(slot: Slot, values: list) -> Slot:
    for value in values:
        slot.value = value
    return slot


@pytest.mark.parametrize(
    ("levels", "kept"),
    [
        (["card", "urgent"], "urgent"),
        (["emergency", "card"], "emergency"),
        (["emergency", "none"], "none"),
        (["emergency", None, "soon"], "soon"),
        ([None], "none"),
    ],
)
def test_keeps_the_highest_level_until_it_is_cleared(levels, kept):
    slot = HighestLevelSlot("triage_level", mappings=[{}], initial_value="none")

    set_in_turn(slot, levels)

    assert slot.value == kept


@pytest.mark.parametrize(
    ("added", "kept"),
    [
        (["A", "B"], ["A", "B"]),
        ([["A", "B"], "B", ["C"]], ["A", "B", "C"]),
        (["A", None], []),
        (["A", [], "B"], ["B"]),
        ([""], []),
    ],
)
def test_collects_each_flag_once_until_it_is_cleared(added, kept):
    slot = GrowingListSlot("triage_flags", mappings=[{}])

    set_in_turn(slot, added)

    assert slot.value == kept


@pytest.mark.parametrize(
    ("address", "kept"),
    [("spasm#heat", "spasm#heat"), ("none", None), (None, None)],
)
def test_holds_a_section_and_is_cleared_by_the_word_none(address, kept):
    slot = SectionSlot("answer_source", mappings=[{}])

    set_in_turn(slot, ["spasm#what", address])

    assert slot.value == kept


@pytest.mark.parametrize(
    ("slot", "value", "initial"),
    [
        (HighestLevelSlot("level", [{}], initial_value="none"), "urgent", "none"),
        (GrowingListSlot("flags", [{}]), ["A"], []),
        (SectionSlot("source", [{}]), "spasm#heat", None),
    ],
)
def test_a_new_session_empties_the_slot(slot, value, initial):
    slot.value = value
    assert slot.has_been_set

    slot.reset()

    assert slot.value == initial
    assert not slot.has_been_set
