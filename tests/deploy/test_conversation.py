import pytest

from addons.safety.learning.messages import read_messages
from deploy.development.conversation import HELP, LEVELS, Conversation

PARSED = {
    "intent": {"name": "faq", "confidence": 0.91},
    "questions": [
        {
            "outcome": "answer",
            "topics": [
                {"name": "faq/cost", "score": 0.9},
                {"name": "faq/hours", "score": 0.25},
                {"name": "faq/rest", "score": 0.1},
                {"name": "faq/heat", "score": 0.05},
            ],
        },
        {"outcome": "passage", "topics": [{"name": "faq/rest", "score": 0.3}]},
    ],
    "triage": {
        "level": "emergency",
        "flags": [
            {"id": "CHEST", "level": "emergency", "status": "present", "via": "rule",
             "text": "chest pain"},
            {"id": "WEAK", "level": "card", "status": "negated", "via": "model",
             "text": "weak"},
        ],
    },
    "signs": ["fever", "cancer"],
    "reply": {"answer": "no"},
}  # fmt: skip
BUTTONS = [
    {"title": "Yes", "payload": "/affirm"},
    {"title": "No", "payload": "/deny"},
]


class Server:
    """Stands in for Rasa and remembers what it was told."""

    def __init__(self) -> None:
        self.told: list[tuple[str, ...]] = []
        self.replies = [{"text": "Hello.\nHow are you?"}]
        self.parsed = PARSED

    def say(self, text):
        self.told.append(("say", text))
        return self.replies

    def parse(self, text):
        self.told.append(("parse", text))
        return self.parsed

    def clear(self):
        self.told.append(("clear",))

    def restart(self):
        self.told.append(("restart",))


@pytest.fixture
def server() -> Server:
    return Server()


@pytest.fixture
def cases(tmp_path):
    return tmp_path / "safety/cases.tsv"


@pytest.fixture
def talk(server, cases):
    return Conversation(server, cases).answer


def test_a_message_is_answered_line_by_line(talk, server):
    assert talk("hi there") == ["Hello.", "How are you?", ""]
    assert server.told == [("say", "hi there")]


def test_a_message_without_a_reply_shows_nothing(talk, server):
    server.replies = []
    assert talk("hi") == []


def test_debug_shows_how_a_message_was_understood(talk, server):
    assert talk("/debug") == ["Debug is on."]
    assert talk("chest pain") == [
        "| intent faq 0.91",
        "| answer: faq/cost 0.9, faq/hours 0.25, faq/rest 0.1; margin 0.65",
        "| passage: faq/rest 0.3; margin -",
        "| triage emergency",
        '|   CHEST emergency present via rule: "chest pain"',
        '|   WEAK card negated via model: "weak"',
        "| signs fever, cancer",
        "| answer no",
        "Hello.",
        "How are you?",
        "",
    ]
    assert server.told == [("parse", "chest pain"), ("say", "chest pain")]


@pytest.mark.parametrize(
    "parsed", [{}, {"intent": None, "triage": None, "reply": None}]
)
def test_debug_shows_what_little_there_is(talk, server, parsed):
    server.parsed = parsed
    talk("/debug")
    assert talk("hi")[:2] == ["| intent None None", "| triage None"]


def test_debug_ends_when_it_is_typed_again(talk):
    talk("/debug")
    assert talk("/debug") == ["Debug is off."]
    assert talk("hi")[0] == "Hello."


def test_buttons_are_pressed_by_number(talk, server):
    server.replies = [{"text": "Sure?", "buttons": BUTTONS}, {"image": "x.png"}]
    assert talk("book me") == ["Sure?", "  1. Yes", "  2. No", "", ""]
    talk("2")
    assert server.told[-1] == ("say", "/deny")


def test_buttons_of_several_replies_are_counted_on(talk, server):
    more = [{"title": "Maybe", "payload": "/unsure"}]
    server.replies = [{"text": "A", "buttons": BUTTONS}, {"text": "B", "buttons": more}]
    assert "  3. Maybe" in talk("book me")
    talk("3")
    assert server.told[-1] == ("say", "/unsure")


@pytest.mark.parametrize("typed", ["0", "3", "12", "-1", "1.", "1 please"])
def test_what_is_no_number_of_a_button_is_a_message(talk, server, typed):
    server.replies = [{"text": "Sure?", "buttons": BUTTONS}]
    talk("book me")
    talk(typed)
    assert server.told[-1] == ("say", typed)


def test_buttons_end_with_the_next_reply(talk, server):
    server.replies = [{"text": "Sure?", "buttons": BUTTONS}]
    talk("book me")
    server.replies = [{"text": "Fine."}]
    talk("wait")
    talk("1")
    assert server.told[-1] == ("say", "1")


def test_a_raised_number_is_a_message(talk, server):
    talk("²")
    assert server.told == [("say", "²")]


def test_buttons_end_with_their_conversation(talk, server):
    server.replies = [{"text": "Sure?", "buttons": BUTTONS}]
    talk("book me")
    talk("/new")
    talk("1")
    assert server.told[-1] == ("say", "1")


@pytest.mark.parametrize(
    ("typed", "line"),
    [("/save emergency", "emergency\t-\tplain\tnumb down there"),
     ("/save urgent WEAK CHEST", "urgent\tWEAK+CHEST\tplain\tnumb down there"),
     ("/save none", "none\t-\tplain\tnumb down there")],
)  # fmt: skip
def test_save_keeps_the_latest_message(talk, cases, typed, line):
    talk("hi")
    talk(" numb\tdown  there ")
    (said,) = talk(typed)
    assert str(cases) in said
    assert cases.read_text("utf-8") == f"{line}\n"


def test_what_is_kept_is_added_and_can_be_read_again(talk, cases):
    for text, level in (("chest pain ❤️", "emergency"), ("on Monday?", "none")):
        talk(text)
        talk(f"/save {level}")
    kept = [(case.level, case.text) for case in read_messages([cases])]
    assert kept == [("emergency", "chest pain ❤️"), ("none", "on Monday?")]


@pytest.mark.parametrize("typed", ["/save", "/save grave", "/save WEAK urgent"])
def test_a_wrong_save_says_what_to_do_and_keeps_nothing(talk, cases, typed):
    talk("hi")
    (said,) = talk(typed)
    assert said.startswith("Write a message first; then `/save LEVEL`")
    assert all(level in said for level in LEVELS)
    assert not cases.exists()


def test_save_before_any_message_says_what_to_do(talk, cases):
    (said,) = talk("/save urgent")
    assert said.startswith("Write a message first")
    assert not cases.exists()


def test_a_pressed_button_is_not_kept_as_a_message(talk, server, cases):
    server.replies = [{"text": "Sure?", "buttons": BUTTONS}]
    talk("book me")
    talk("1")
    talk("/save none")
    assert not cases.exists() or "/affirm" not in cases.read_text("utf-8")


@pytest.mark.parametrize(
    ("typed", "told"), [("/clear", ("clear",)), ("/new", ("restart",))]
)
def test_clear_and_new_reach_the_server_and_say_so(talk, server, typed, told):
    (said,) = talk(typed)
    assert said.endswith(".")
    assert server.told == [told]


def test_stop_ends(talk, server):
    assert talk("/stop") is None
    assert server.told == []


@pytest.mark.parametrize("typed", ["/help", "", " "])
def test_help_lists_every_command(talk, server, typed):
    assert talk(typed) == HELP.splitlines()
    assert server.told == []
    for command in ("/debug", "/save", "/clear", "/new", "/stop"):
        assert command in HELP


@pytest.mark.parametrize("typed", ["/svae urgent", "/Save urgent", "/quit"])
def test_an_unknown_command_says_what_to_do(talk, server, typed):
    talk("hi")
    assert "/help" in " ".join(talk(typed))
    assert server.told == [("say", "hi")]
