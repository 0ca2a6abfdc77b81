import numpy as np
import pytest
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from addons.components.sentence_encoder import (
    ENCODED,
    SentenceEncodingFeaturizer,
    shared_encoder,
)
from addons.components.text_reader import READING
from addons.understanding.errors import EncoderError, SettingError
from tests.addons.helpers import encoder, reader


def create(tmp_path, **config) -> SentenceEncodingFeaturizer:
    return SentenceEncodingFeaturizer.create(
        config,
        LocalModelStorage(tmp_path),
        Resource("encoder"),
        ExecutionContext(GraphSchema({})),
    )


def message(text: str) -> Message:
    return Message({"text": text, READING: reader().read(text)})


def test_adds_the_sentence_and_the_layers_as_one_row_of_features(tmp_path):
    (read,) = create(tmp_path).process([message("how much is it")])

    _, dense = read.get_dense_features("text")
    expected = encoder().encode("how much is it")
    assert dense.features.shape == (1, 1920)
    assert np.array_equal(dense.features[0, :384], expected.sentence)
    assert np.array_equal(dense.features[0, 384:], expected.layers)
    assert np.array_equal(read.get(ENCODED).sentence, expected.sentence)


def test_encodes_the_plain_spelling(tmp_path):
    (read,) = create(tmp_path).process([message("HOW MUCH is it 4 U pls")])
    expected = encoder().encode("how much is it 4 you please")
    assert np.array_equal(read.get(ENCODED).sentence, expected.sentence)


@pytest.mark.parametrize(
    "empty", [message("😀"), message(""), Message({"text": "hello"}), Message({})]
)
def test_leaves_a_message_without_words_alone(tmp_path, empty):
    (read,) = create(tmp_path).process([empty])

    assert read.get(ENCODED) is None
    assert read.features == []


def test_encodes_all_examples_for_training(tmp_path):
    data = TrainingData([message("hello"), message("good bye")])
    create(tmp_path).process_training_data(data)
    assert all(example.get(ENCODED) for example in data.training_examples)


def test_training_without_the_encoder_says_what_to_do(tmp_path):
    component = create(tmp_path, encoder_folder=str(tmp_path / "none"))

    with pytest.raises(EncoderError, match="Run `make encoder`, then train."):
        component.process_training_data(TrainingData([message("hello")]))


def test_a_server_without_the_encoder_starts_and_logs_what_to_do(tmp_path, caplog):
    component = create(tmp_path, encoder_folder=str(tmp_path / "lost"))

    (read,) = component.process([message("hello")])

    assert read.get(ENCODED) is None
    (record,) = [r for r in caplog.records if r.name.startswith("addons")]
    assert record.levelname == "CRITICAL"
    assert "Run `make encoder` to build it." in record.getMessage()


def test_the_encoder_is_loaded_once_for_all_components():
    assert shared_encoder("models/encoder") is shared_encoder("models/encoder")


def test_an_unknown_setting_is_an_error(tmp_path):
    with pytest.raises(SettingError, match="has no setting 'folder'"):
        create(tmp_path, folder="x")
