import json

import pytest
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from addons.components.text_reader import READING, SpacyTextReader
from addons.understanding.errors import SettingError

RESOURCE = Resource("reader")
# Building the corrector takes a second.
QUICK = {"correct_spelling": False}
CONTEXT = ExecutionContext(GraphSchema({}))


@pytest.fixture
def storage(tmp_path):
    return LocalModelStorage(tmp_path)


@pytest.fixture(scope="module")
def reader(tmp_path_factory):
    """A reader that no test trains."""
    storage = LocalModelStorage(tmp_path_factory.mktemp("model"))
    return SpacyTextReader.create({}, storage, RESOURCE, CONTEXT)


def examples(*texts: str) -> TrainingData:
    return TrainingData([Message.build(text, "faq") for text in texts])


def read(component: SpacyTextReader, text: str) -> Message:
    (message,) = component.process([Message({"text": text})])
    return message


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("/restart", "restart"),
        ('/inform{"a": "b"}', 'inform{"a": "b"}'),
        (" / // restart", "restart"),
        ("/", ""),
        ("pain and/or fever", "pain and/or fever"),
        ("hello", "hello"),
        ("hello \ud83d", "hello  "),
        ("\ud83d/restart", "restart"),
        ("", ""),
    ],
)
def test_takes_the_slash_from_what_a_patient_types(reader, typed, text):
    message = read(reader, typed)

    assert message.get("text") == text
    assert message.as_dict(only_output_properties=True) == {"text": text}


def test_sets_the_reading_and_tokens_with_their_places(reader):
    message = read(reader, "my LEGS hurrt 2day")

    assert message.get(READING).plain == "my legs hurt today"
    assert [(t.text, t.start, t.end) for t in message.get("text_tokens")] == [
        ("my", 0, 2),
        ("LEGS", 3, 7),
        ("hurrt", 8, 13),
        ("2day", 14, 18),
    ]


def test_leaves_a_message_without_text_alone(reader):
    message = Message({"action_name": "action_listen"})
    assert reader.process([message])[0].data == {"action_name": "action_listen"}


def test_keeps_the_words_that_three_examples_use(storage):
    component = SpacyTextReader.create(QUICK, storage, RESOURCE, CONTEXT)

    component.train(examples("see a Fysio", "our fysio", "fysio, fysio?", "a zorgg"))

    with storage.read_from(RESOURCE) as folder:
        assert json.loads((folder / "words.json").read_text("utf-8")) == ["fysio"]


def test_a_loaded_reader_knows_the_words_of_training(storage):
    trained = SpacyTextReader.create(QUICK, storage, RESOURCE, CONTEXT)
    resource = trained.train(examples("the fysio", "our fysio", "a fysio"))

    loaded = SpacyTextReader.load({}, storage, resource, CONTEXT)

    assert read(loaded, "the fysio, my fysioo").get(READING).plain == (
        "the fysio, my fysio"
    )


def test_reads_all_examples_for_training(reader):
    data = reader.process_training_data(examples("hello", "/help"))
    assert [m.get(READING).plain for m in data.training_examples] == ["hello", "help"]


def test_spelling_can_be_left_as_it_is(storage):
    component = SpacyTextReader.create(QUICK, storage, RESOURCE, CONTEXT)
    assert read(component, "u hav exersise").get(READING).plain == "you have exersise"


def test_an_unknown_setting_is_an_error(storage):
    with pytest.raises(SettingError) as caught:
        SpacyTextReader.create({"spelling": True}, storage, RESOURCE, CONTEXT)

    assert str(caught.value) == (
        "config.yml: SpacyTextReader has no setting 'spelling'. Known: "
        "chat_spelling_file, correct_spelling, fewest_uses_of_own_word. "
        "Correct or delete it."
    )
