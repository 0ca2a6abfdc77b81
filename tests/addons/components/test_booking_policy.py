from typing import Any

import pytest
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, SlotSet, UserUttered
from rasa.shared.core.slots import AnySlot, TextSlot
from rasa.shared.core.trackers import DialogueStateTracker

from addons.components.booking_policy import PRIORITY, BookingPolicy
from addons.components.red_flag_policy import PRIORITY as DANGER

MAPPED = [{"type": "custom"}]
SLOTS = [
    AnySlot("booking", MAPPED),
    TextSlot("booking_wish", MAPPED),
    AnySlot("thread", MAPPED),
]
ACTIONS = ["action_answer", "action_book"]
DOMAIN = Domain(["faq"], [], SLOTS, {}, ACTIONS, {}, {})
OPEN = {"open": "form"}


@pytest.fixture
def policy(tmp_path) -> BookingPolicy:
    return BookingPolicy.load(
        BookingPolicy.get_default_config(),
        LocalModelStorage(tmp_path),
        Resource("policy"),
        ExecutionContext(GraphSchema({})),
    )


def tracker(desk: Any = None, intent: str = "faq", **parsed: Any):
    tracker = DialogueStateTracker("patient-1", DOMAIN.slots)
    tracker.update(ActionExecuted("action_listen"))
    tracker.update(SlotSet("booking", desk))
    data = {"text": "words", "intent": {"name": intent}, **parsed}
    tracker.update(UserUttered("words", data["intent"], None, data))
    return tracker


def predicted(policy, tracker) -> str | None:
    prediction = policy.predict_action_probabilities(tracker, DOMAIN)
    tracker.update_with_events(prediction.optional_events or [], DOMAIN)
    if prediction.max_confidence == 0:
        return None
    return DOMAIN.action_names_or_texts[prediction.max_confidence_index]


def test_danger_comes_before_booking():
    assert PRIORITY < DANGER


@pytest.mark.parametrize("intent", ["faq", "deny", "out_of_scope_far", "greet"])
def test_an_open_desk_gets_every_message_once(policy, intent):
    conversation = tracker(OPEN, intent)

    assert predicted(policy, conversation) == "action_book"
    conversation.update(ActionExecuted("action_book"))
    assert predicted(policy, conversation) == "action_listen"


@pytest.mark.parametrize("desk", [None, {}, {"open": ""}, "torn", []])
def test_a_closed_desk_gets_nothing_that_is_not_for_it(policy, desk):
    assert predicted(policy, tracker(desk)) is None


def test_a_wish_opens_the_desk_and_is_handed_over(policy):
    conversation = tracker(wish="cancel_visit")

    assert predicted(policy, conversation) == "action_book"
    assert conversation.get_slot("booking_wish") == "cancel_visit"


def test_what_other_policies_have_begun_is_left_to_them(policy):
    conversation = tracker(OPEN)
    conversation.update(ActionExecuted("action_answer"))

    assert predicted(policy, conversation) is None


def test_before_any_message_it_says_nothing(policy):
    assert predicted(policy, DialogueStateTracker("patient-1", DOMAIN.slots)) is None


def test_yes_answers_the_desk_and_not_what_was_offered_before(policy):
    conversation = tracker(OPEN, "affirm")
    conversation.update(SlotSet("thread", {"yes": "button:book"}))

    assert predicted(policy, conversation) == "action_book"
    assert conversation.get_slot("booking_wish") == ""


SENT = {"open": "", "sent": {"key": "k", "reference": "K7Q-4MD"}}


def after_sending(text: str, *, turns_ago: int, desk: Any = SENT):
    """Returns a conversation whose desk has spoken so many messages ago."""
    tracker = DialogueStateTracker("patient-1", DOMAIN.slots)
    tracker.update(SlotSet("booking", desk))
    for action in ("action_book", *["action_answer"] * (turns_ago - 1)):
        tracker.update(UserUttered("words", {"name": "faq"}, None, {"text": "words"}))
        tracker.update(ActionExecuted(action))
        tracker.update(ActionExecuted("action_listen"))
    data = {"text": text, "intent": {"name": "faq"}}
    tracker.update(UserUttered(text, data["intent"], None, data))
    return tracker


@pytest.mark.parametrize("turns_ago", [1, 2, 3])
def test_it_is_the_request_that_was_just_sent(policy, turns_ago):
    conversation = after_sending("cancel it", turns_ago=turns_ago)

    assert predicted(policy, conversation) == "action_book"
    assert conversation.get_slot("booking_wish") == "cancel_visit"


def test_much_later_it_is_something_else(policy):
    assert predicted(policy, after_sending("cancel it", turns_ago=5)) is None


def test_without_a_request_it_is_something_else(policy):
    conversation = after_sending("cancel it", turns_ago=1, desk={"open": ""})

    assert predicted(policy, conversation) is None


def test_an_offer_that_waits_can_be_moved_in_words(policy):
    desk = {"open": "errand", "errand": {"task": "status", "step": "offer"}}
    conversation = after_sending("can I move it to friday", turns_ago=1, desk=desk)

    assert predicted(policy, conversation) == "action_book"
    assert conversation.get_slot("booking_wish") == "move_visit"


def test_a_form_that_is_open_reads_its_answers_itself(policy):
    conversation = after_sending(
        "change it", turns_ago=1, desk={**SENT, "open": "form"}
    )

    assert predicted(policy, conversation) == "action_book"
    assert conversation.get_slot("booking_wish") == ""
