"""Whole conversations over REST with the real servers and the trained model."""

import urllib.error

import pytest

from tests.waiting import until

pytestmark = pytest.mark.server

NOTHING = {"answer_source": None, "triage_level": "none", "triage_flags": []}


def texts(replies):
    return [reply["text"] for reply in replies]


def payload(reply, title):
    return next(b["payload"] for b in reply["buttons"] if b["title"] == title)


def seen(servers, sender):
    slots = servers.slots(sender)
    return {name: slots[name] for name in NOTHING}


def test_question_is_answered_from_its_section(servers, sender):
    (reply,) = servers.say("is it a spasm or a strain", sender)

    assert reply["text"].endswith('Source: Back muscle spasm, "Spasm or strain?"')
    source = "back-muscle-spasm#spasm-or-strain"
    assert seen(servers, sender) == {**NOTHING, "answer_source": source}


def test_tell_more_goes_on_to_the_end_of_the_section(servers, sender):
    (reply,) = servers.say("how long until a back spasm is better", sender)
    parts = [reply["text"]]
    while any(button["title"] == "Tell me more" for button in reply["buttons"]):
        (reply,) = servers.say(payload(reply, "Tell me more"), sender)
        parts.append(reply["text"])

    (last,) = servers.say("tell me more", sender)

    assert len(set(parts)) == len(parts) > 1
    assert last["text"].startswith("That is all our article says")


def test_two_questions_are_answered_in_order(servers, sender):
    replies = servers.say("should I stretch it and how much is a visit?", sender)

    assert [text.rsplit("Source: ", 1)[1] for text in texts(replies)] == [
        'Back muscle spasm, "Stretching"',
        'Our clinic, "What a visit costs"',
    ]


def test_second_article_answers_without_code(servers, sender):
    servers.say("I woke up with a stiff neck, is it a neck spasm?", sender)

    source = seen(servers, sender)["answer_source"]
    assert source == "neck-muscle-spasm#neck-spasm"


def test_number_chooses_what_was_offered(servers, sender):
    (reply,) = servers.say("is it a spasm or a strain", sender)
    third = reply["buttons"][2]["payload"]

    servers.say("the third one", sender)

    assert third.endswith(str(seen(servers, sender)["answer_source"]))


def test_follow_up_keeps_to_the_conversation(servers, sender):
    servers.say("what is a back spasm", sender)

    servers.say("and how long?", sender)

    assert seen(servers, sender)["answer_source"] == "back-muscle-spasm#recovery-time"


@pytest.mark.parametrize("message", ["who won the rugby", "is my knee torn"])
def test_uncovered_question_is_refused_and_recorded(servers, sender, message):
    (reply,) = servers.say(message, sender)

    assert "012 555 0142" in reply["text"]
    assert {b["title"] for b in reply["buttons"]} == {
        "Book an appointment",
        "Ask for a call back",
    }
    assert seen(servers, sender) == NOTHING
    query = "select question from unanswered_questions where conversation = ?"
    assert until(lambda: servers.rows(servers.database, query, sender) != [])
    ((question,),) = servers.rows(servers.database, query, sender)
    assert question.lower() == message


@pytest.mark.parametrize(
    ("message", "beginning"),
    [
        ("", "I could not find words"),
        ("   ", "I could not find words"),
        ("😀😀", "I could not find words"),
        ("!" * 5000, "I could not find words"),
        ("ngiphethwe yiqolo ngicela usizo", "I can only answer in English"),
        ("hello", "Hello, and welcome"),
        ("thank you so much", "You are welcome"),
    ],
)
def test_message_without_a_question_is_met_with_a_way_on(
    servers, sender, message, beginning
):
    replies = servers.say(message, sender)

    assert texts(replies)[0].startswith(beginning)


@pytest.mark.parametrize("message", ["/restart", "/affirm", '/faq{"x": 1}', "//back"])
def test_typed_intent_is_text(servers, sender, message):
    parsed = servers.parse(message)

    assert not parsed["text"].startswith("/")
    assert texts(servers.say(message, sender))


def test_long_message_is_answered_on_its_question(servers, sender):
    story = "It began last week when I was in the garden with my dog. " * 85
    message = f"{story} What should I do for my back spasm now?"

    replies = servers.say(message[:5000], sender)

    assert texts(replies)


def test_emergency_is_told_in_one_piece_and_remembered(servers, sender):
    reply, question = servers.say(
        "My back is sore and I can't pee since yesterday", sender
    )

    assert reply["text"].startswith("This could be an emergency.")
    assert "Call 112" in reply["text"]
    assert "I can't pee since yesterday" in reply["text"]
    assert "buttons" not in reply
    assert question["text"] == "Are you able to get that help now?"
    assert [b["title"] for b in question["buttons"]] == ["Yes", "No"]
    assert seen(servers, sender) == {
        "answer_source": None,
        "triage_level": "emergency",
        "triage_flags": ["CES_RETENTION"],
    }


def test_no_advice_is_given_after_an_emergency(servers, sender):
    servers.say("I can't feel my legs", sender)

    (reply,) = servers.say("should I stretch?", sender)

    assert reply["text"].startswith("First get medical help")


def test_question_about_a_dose_is_refused_and_worth_a_visit(servers, sender):
    refusal, soon = servers.say("how many panado can i take a day", sender)

    assert refusal["text"].startswith("Our articles do not answer that")
    assert soon["text"].startswith("Please ask a pharmacist")
    assert "buttons" not in soon


def test_denied_sign_brings_the_card_and_the_answer(servers, sender):
    message = "I have no numbness between my legs. Should I use heat on the spasm?"
    replies = servers.say(message, sender)

    assert texts(replies)[-1].startswith("Get medical help straight away")
    assert seen(servers, sender)["triage_level"] == "card"


def test_parse_output_has_the_fixed_form(servers):
    parsed = servers.parse("I cant feel my legs")

    assert "numb_limb" in parsed["signs"]
    assert parsed["about_other"] is False
    assert parsed["reply"]["answer"] != "no"
    assert parsed["triage"] == {
        "level": "emergency",
        "flags": [
            {
                "id": "NEURO_SEVERE",
                "level": "emergency",
                "status": "present",
                "start": 2,
                "end": 19,
                "text": "cant feel my legs",
                "via": "rule",
            }
        ],
    }


@pytest.mark.parametrize("body", [{}, {"sender": "a"}, {"message": "hi"}, [1]])
def test_bad_request_says_what_is_wrong(servers, body):
    with pytest.raises(urllib.error.HTTPError) as caught:
        servers.post("/webhooks/rest/webhook", body)

    assert caught.value.code == 400


def test_log_holds_no_patient_text(servers, sender):
    servers.say("my name is Xantippe Quagga and my back is sore", sender)

    assert "Quagga" not in servers.log()
