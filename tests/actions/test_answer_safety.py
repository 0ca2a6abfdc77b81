"""What the action does of the safety memory: advice is withheld, and held back."""

import pytest
from rasa_sdk.events import SlotSet

from actions.answer import ActionAnswer
from actions.asked import Counter, Recorder, question_writer
from actions.thread import Thread
from records.asked import AskedCounts
from records.questions import QuestionLog

REMINDERS = {
    "urgent": "utter_urgent_reminder",
    "emergency": "utter_emergency_reminder",
}


@pytest.fixture
def run(library, tmp_path, dispatcher, tracker_after):
    """Returns a function that runs the action after a message."""
    url = f"sqlite:///{tmp_path}/clinic.db"
    writer = question_writer(QuestionLog(url), tmp_path / "questions.jsonl")
    action = ActionAnswer(library, Recorder(Counter(AskedCounts(url)), writer))

    async def built(message, **slots):
        return await action.run(dispatcher, tracker_after(message, slots), {})

    return built


@pytest.fixture
def said(dispatcher):
    """Returns a function that lists the responses and what they are about."""
    return lambda: [(m["response"], m.get("title")) for m in dispatcher.messages]


@pytest.fixture
def about_heat(question):
    return {"intent": {"name": "faq"}, "questions": [question("answer", "faq/heat")]}


@pytest.mark.parametrize("level", REMINDERS)
async def test_from_urgent_on_the_reminder_replaces_advice(
    run, said, about_heat, level
):
    events = await run(about_heat, triage_level=level)

    assert said() == [(REMINDERS[level], None)]
    assert events == [
        SlotSet("answer_source", None),
        SlotSet("thread", Thread().to_slot()),
    ]


@pytest.mark.parametrize("level", REMINDERS)
async def test_facts_about_the_clinic_are_left(run, said, question, level):
    message = {"questions": [question("answer", "faq/hours")]}

    events = await run(message, triage_level=level)

    assert said() == [("utter_answer", "Hours")]
    assert events[0] == SlotSet("answer_source", "desk#hours")


@pytest.mark.parametrize("level", [None, "none", "card", "check", "soon"])
async def test_lower_levels_leave_advice(run, said, about_heat, level):
    await run(about_heat, triage_level=level)

    assert said() == [("utter_answer", "Heat")]


@pytest.mark.parametrize("level", ["none", "card"])
async def test_the_card_is_left_to_the_policy(run, said, about_heat, level):
    triage = {"level": "card", "flags": [], "failed": True}

    await run({**about_heat, "triage": triage}, triage_level=level)

    assert said() == [("utter_answer", "Heat")]


def held(*questions, before=("action_answer",)):
    """Returns the safety memory with questions that the check has interrupted."""
    return {"held": {"questions": list(questions)}, "before": list(before)}


@pytest.mark.parametrize("latest", [{"intent": {"name": "deny"}, "text": "no"},
                                    {"command": {"name": "stop"}}])  # fmt: skip
@pytest.mark.parametrize("first", [(), ("utter_screening_clear",)])
async def test_held_questions_are_answered_after_the_safety_check(
    run, said, question, latest, first
):
    asked = (question("answer", "faq/rest"), question("answer", "faq/heat"))

    events = await run(latest, safety=held(*asked, before=(*first, "action_answer")))

    assert said() == [("utter_answer_complete", "Rest"), ("utter_answer", "Heat")]
    assert events[0] == SlotSet("answer_source", "back#rest")


async def test_a_held_section_is_sent_after_the_safety_check(run, said):
    memory = {"held": {"section": "back#rest"}, "before": ["action_answer"]}

    await run({"intent": {"name": "deny"}}, safety=memory)

    assert said() == [("utter_answer_complete", "Rest")]


@pytest.mark.parametrize("level", REMINDERS)
async def test_held_advice_is_withheld_from_urgent_on(run, said, question, level):
    memory = held(question("answer", "faq/heat"))

    await run({"intent": {"name": "deny"}}, safety=memory, triage_level=level)

    assert said() == [(REMINDERS[level], None)]


@pytest.mark.parametrize(
    "memory",
    [
        None,
        {},
        {"held": None, "before": None},
        {"held": {"action": "action_book"}, "before": ["action_answer"]},
        {"held": {"questions": []}, "before": ["action_answer"]},
    ],
)
async def test_without_held_questions_the_message_is_answered(
    run, said, about_heat, memory
):
    await run(about_heat, safety=memory)

    assert said() == [("utter_answer", "Heat")]


@pytest.mark.parametrize("before", [(), ("utter_screening_offer",)])
async def test_questions_are_held_while_the_check_goes_on(
    run, said, question, about_heat, before
):
    memory = held(question("answer", "faq/rest"), before=before)

    await run(about_heat, safety=memory)

    assert said() == [("utter_answer", "Heat")]
