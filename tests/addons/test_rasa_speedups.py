import jsonschema
import pytest
import rasa.shared.utils.common
from rasa.core.actions.action import RemoteAction
from rasa.shared.core.slots import Slot, TextSlot
from rasa.utils.endpoints import EndpointConfig

from addons.rasa_speedups import apply_speedups
from addons.slots import SectionSlot


@pytest.fixture
def action(monkeypatch) -> RemoteAction:
    """A remote action with the repairs, which are taken back after the test."""
    monkeypatch.setattr(
        RemoteAction, "_validate_action_result", RemoteAction._validate_action_result
    )
    common = rasa.shared.utils.common
    monkeypatch.setattr(common, "all_subclasses", common.all_subclasses)
    apply_speedups()
    return RemoteAction("action_answer", EndpointConfig("http://127.0.0.1:1/webhook"))


@pytest.mark.parametrize(
    "reply",
    [
        {},
        {"events": [], "responses": []},
        {"events": [{"event": "slot", "name": "a", "value": 1, "timestamp": None}]},
        {"responses": [{"text": "Hello"}], "events": []},
    ],
)
def test_a_reply_that_rasa_can_read_passes(action, reply):
    assert action._validate_action_result(reply) is True


@pytest.mark.parametrize(
    "reply",
    [
        [],
        "text",
        {"events": {}},
        {"events": ["slot"]},
        {"events": [{"event": "slot", "value": 1}]},
        {"responses": "Hello"},
        {"responses": ["Hello"]},
    ],
)
def test_a_reply_that_rasa_cannot_read_raises(action, reply):
    with pytest.raises(jsonschema.ValidationError):
        action._validate_action_result(reply)


def test_subclasses_are_found_as_before(action):
    found = rasa.shared.utils.common.all_subclasses(Slot)
    assert TextSlot in found
    assert Slot not in found


def test_applying_twice_changes_nothing_more(action):
    cached = rasa.shared.utils.common.all_subclasses
    validate = RemoteAction._validate_action_result

    apply_speedups()

    assert rasa.shared.utils.common.all_subclasses is cached
    assert RemoteAction._validate_action_result is validate


def test_slots_of_the_project_are_found_by_their_path(action):
    assert Slot.resolve_by_type("addons.slots.SectionSlot") is SectionSlot
