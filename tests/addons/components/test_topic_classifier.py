from pathlib import Path
from typing import Any

import pytest
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from addons.components.sentence_encoder import ENCODED
from addons.components.text_reader import READING
from addons.components.topic_classifier import TopicClassifier
from addons.understanding.errors import SettingError
from documents.errors import DocumentError
from tests.addons.helpers import encoder, reader

EXAMPLES = {
    "faq/cost": ["how much is a visit", "what does it cost", "what is the price"],
    "faq/hours": ["when are you open", "opening hours", "what time are you open"],
    "greet": ["hello", "hello there", "good morning"],
    "choose_option": ["the first one", "the second one", "number two please"],
    "book_appointment": ["i want to book", "make an appointment", "book a visit"],
    "out_of_scope_far": ["who won the game", "sing a song", "what is on tv"],
    "red_flag": ["i have a strange zebra", "a strange zebra", "strange zebra"],
}
FACTS = """\
name: Clinic
country: ZA
time_zone: Africa/Johannesburg
email: desk@oak.example
phone: {reception: "012 555 0142"}
hours: {summary: every day}
emergency: {countries: {ZA: {ambulance: "112"}}}
"""
ARTICLE = """\
---
title: Our clinic
---
# Our clinic {#our-clinic}

## Parking {#parking}

Cars can stand free of charge at the purple gate behind the building.
"""
RESOURCE = Resource("topics")


def message(text: str, intent: str | None = None) -> Message:
    built = Message.build(text, intent)
    built.set(READING, reader().read(text))
    built.set(ENCODED, encoder().encode(built.get(READING).plain))
    return built


@pytest.fixture(scope="module")
def content(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("content")
    (folder / "articles").mkdir()
    (folder / "clinic.yml").write_text(FACTS, "utf-8")
    (folder / "articles" / "our-clinic.md").write_text(ARTICLE, "utf-8")
    return folder


@pytest.fixture(scope="module")
def storage(tmp_path_factory, content) -> LocalModelStorage:
    """A model storage that holds a trained classifier."""
    stored = LocalModelStorage(tmp_path_factory.mktemp("model"))
    examples = [message(t, label) for label, texts in EXAMPLES.items() for t in texts]
    untrained = TopicClassifier.create({}, stored, RESOURCE, None)
    assert untrained.train(TrainingData(examples)) == RESOURCE
    return stored


@pytest.fixture
def load(storage, content):
    def loaded(**config: Any) -> TopicClassifier:
        context = ExecutionContext(GraphSchema({}))
        settings = {"content_folder": str(content), **config}
        return TopicClassifier.load(settings, storage, RESOURCE, context)

    return loaded


def understand(component: TopicClassifier, text: str) -> dict[str, Any]:
    (understood,) = component.process([message(text)])
    return understood.as_dict(only_output_properties=True)


def test_a_sure_topic_becomes_a_question_to_answer(load):
    output = understand(load(), "how much is a visit")

    (question,) = output["questions"]
    assert output["intent"]["name"] == "faq"
    assert set(question) == {"text", "outcome", "topics", "options", "passages"}
    assert question["text"] == "how much is a visit"
    assert (question["outcome"], question["options"]) == ("answer", ["faq/cost"])
    assert question["topics"][0] == {
        "name": "faq/cost",
        "score": output["intent"]["confidence"],
    }


def test_several_questions_come_in_their_order(load):
    output = understand(load(), "When are you open? And how much is a visit?")
    assert [q["options"] for q in output["questions"]] == [["faq/hours"], ["faq/cost"]]


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("hello there", "greet"),
        ("i want to book", "book_appointment"),
        ("who won the game", "out_of_scope_far"),
    ],
)
def test_other_wishes_become_the_intent(load, text, intent):
    assert understand(load(), text)["intent"]["name"] == intent


def test_a_question_that_no_topic_covers_is_looked_up_in_the_articles(load):
    limits = {"answer": 0.999, "option": 0.999, "refuse": 1.0, "passage": 0.3}
    component = load(thresholds=limits)

    (question,) = understand(component, "where can cars stand")["questions"]

    assert question["outcome"] == "search"
    assert question["passages"][0]["section"] == "our-clinic#parking"


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("button:book", {"name": "book", "address": "", "number": 0}),
        (
            "button:more:our-clinic#parking:2",
            {"name": "more", "address": "our-clinic#parking", "number": 2},
        ),
    ],
)
def test_a_button_becomes_a_command(load, text, command):
    assert understand(load(), text) == {
        "text": text,
        "intent": {"name": "choose_option", "confidence": 1.0},
        "command": command,
    }


def test_a_choice_in_words_becomes_a_command(load):
    output = understand(load(), "the second one")
    assert output["intent"]["name"] == "choose_option"
    assert output["command"] == {"name": "pick", "address": "", "number": 2}


def test_a_number_in_another_message_is_no_command(load):
    assert "command" not in understand(load(), "how much is one visit")


@pytest.mark.parametrize("text", ["😀", "?!", "", "..."])
def test_what_cannot_be_read_has_its_own_intent(load, text):
    assert understand(load(), text)["intent"] == {
        "name": "unreadable",
        "confidence": 1.0,
    }


def test_labels_that_are_not_learned_are_never_predicted(load):
    output = understand(load(), "strange zebra")
    assert output["intent"]["name"] != "red_flag"


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("how much is a visit", "nlu_fallback"),
        ("button:book", "choose_option"),
        ("?", "unreadable"),
    ],
)
def test_without_the_encoder_a_question_gets_the_fallback(load, tmp_path, text, intent):
    component = load(encoder_folder=str(tmp_path))
    assert understand(component, text)["intent"]["name"] == intent


def test_leaves_a_message_alone_that_was_not_read(load):
    unread = Message({"text": "hello"})
    assert load().process([unread])[0].data == {"text": "hello"}


def test_an_article_with_a_mistake_stops_the_start(load, tmp_path):
    with pytest.raises(DocumentError, match="clinic.yml: cannot be read"):
        load(content_folder=str(tmp_path))


def test_an_unknown_setting_is_an_error(load):
    with pytest.raises(SettingError, match="has no setting 'treshold'"):
        load(treshold=0.5)


@pytest.mark.issue("settings one level down raise TypeError or are not checked")
@pytest.mark.parametrize(
    ("config", "message"),
    [
        ({"thresholds": {"anser": 0.5}}, "thresholds has no setting 'anser'"),
        ({"weights": {"wrod": 1.0}}, "weights has no setting 'wrod'"),
        ({"thresholds": {"answer": 50}}, "thresholds must lie between 0 and 1"),
        ({"thresholds": {"answer": 1.01}}, "thresholds must lie between 0 and 1"),
        ({"thresholds": {"answer": -0.1}}, "thresholds: 'answer' is '-0.1'"),
        ({"thresholds": {"answer": "high"}}, "thresholds: 'answer' is 'high'"),
        ({"weights": {"temperature": True}}, "weights: 'temperature' is 'True'"),
    ],
)
def test_a_wrong_setting_one_level_down_is_an_error(load, config, message):
    with pytest.raises(SettingError, match=message):
        load(**config)
