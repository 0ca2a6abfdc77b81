from addons.chat.entries import (
    ASSISTANT,
    PATIENT,
    Choice,
    Entry,
    after,
    choice_in,
    entries_of,
    message_of,
)

MORE = {"title": "Tell me more", "payload": "button:more:back#heat:1"}
ANSWER = {
    "event": "bot",
    "text": "Warmth can ease it.",
    "data": {"buttons": [MORE]},
    "metadata": {"utter_action": "utter_answer", "answer": "W", "address": "back#heat"},
}
HELLO = {"event": "bot", "text": "Hello.", "data": {"buttons": None}, "metadata": {}}


def user(message_id: str, text: str, **metadata):
    return {
        "event": "user",
        "text": text,
        "message_id": message_id,
        "metadata": metadata,
    }


ANSWERED = Entry(
    "m1.1",
    ASSISTANT,
    "Warmth can ease it.",
    (Choice(MORE["title"], MORE["payload"]),),
    "back#heat",
)


def read(*events):
    return entries_of(events, fallback="Phone us.")


def test_each_entry_has_an_id_of_its_own_and_answers_their_section():
    assert read(user("m1", "heat?"), {"event": "slot"}, ANSWER, HELLO) == [
        Entry("m1", PATIENT, "heat?"),
        ANSWERED,
        Entry("m1.2", ASSISTANT, "Hello."),
    ]


def test_a_tapped_button_shows_its_words_and_not_its_payload():
    entries = read(user("m1", MORE["payload"], title="Tell me more"), HELLO)

    assert entries[0].text == "Tell me more"


def test_a_message_without_a_reply_shows_what_the_patient_was_told():
    assert [e.text for e in read(user("m1", "a"), user("m2", "b"), HELLO)] == [
        "a",
        "Phone us.",
        "b",
        "Hello.",
    ]
    assert read(user("m1", "a"))[-1] == Entry("m1.1", ASSISTANT, "Phone us.")


def test_after_delete_my_data_only_the_words_that_say_so_are_left():
    forgotten = {"event": "reset_slots"}

    entries = read(user("m1", "heat?"), ANSWER, user("m2", "yes"), HELLO, forgotten)

    assert entries == [Entry("m2.1", ASSISTANT, "Hello.")]


def test_the_browser_gets_no_payload():
    assert ANSWERED.shown() == {
        "id": "m1.1",
        "who": ASSISTANT,
        "text": "Warmth can ease it.",
        "buttons": [{"id": "m1.1:0", "title": "Tell me more"}],
        "rated": True,
    }


def test_a_button_is_found_by_its_id_and_by_nothing_else():
    entries = [Entry("m1", PATIENT, "heat?"), ANSWERED]

    assert choice_in(entries, "m1.1:0") == Choice(MORE["title"], MORE["payload"])
    for wrong in ("m1.1:1", "m1.1:-1", "m1.1", "m1.2:0", "m1:0", "", ":", "m1.1:x"):
        assert choice_in(entries, wrong) is None


def test_an_entry_or_a_button_names_the_message_it_belongs_to():
    assert message_of("m1.12:3") == message_of("m1.12") == "m1"


def test_what_was_missed_follows_the_last_entry_that_is_there():
    entries = read(user("m1", "heat?"), ANSWER, HELLO)

    assert after(entries, "m1.1") == entries[2:]
    assert after(entries, "m1.2") == []
    # Too much is better than too little: the browser knows what it has.
    assert after(entries, "unknown") == after(entries, "") == entries
