import shutil

import numpy as np
import pytest

from addons.understanding.encoder import (
    ENCODER_FOLDER,
    GRAPH_FILE,
    TOKENIZER_FILE,
    SentenceEncoder,
)
from addons.understanding.errors import EncoderError
from tests.addons.helpers import encoder


def likeness(left: str, right: str) -> float:
    return float(encoder().encode(left).sentence @ encoder().encode(right).sentence)


@pytest.mark.parametrize("missing", [GRAPH_FILE, TOKENIZER_FILE])
def test_a_missing_file_names_itself_and_what_to_do(tmp_path, missing):
    present = ({GRAPH_FILE, TOKENIZER_FILE} - {missing}).pop()
    (tmp_path / present).touch()

    with pytest.raises(EncoderError) as caught:
        SentenceEncoder(tmp_path)

    assert str(caught.value) == (
        f"The sentence encoder is missing: no file '{tmp_path / missing}'. "
        "Run `make encoder` to build it."
    )


@pytest.mark.parametrize("damaged", [GRAPH_FILE, TOKENIZER_FILE])
@pytest.mark.parametrize("content", [b"", b"not a model", b"{}"])
def test_a_damaged_file_says_what_to_do(tmp_path, damaged, content):
    for name in (GRAPH_FILE, TOKENIZER_FILE):
        shutil.copy(ENCODER_FOLDER / name, tmp_path / name)
    (tmp_path / damaged).write_bytes(content)

    with pytest.raises(EncoderError) as caught:
        SentenceEncoder(tmp_path)

    assert f"'{tmp_path}' cannot be read" in str(caught.value)
    assert "Delete that folder and run `make encoder`." in str(caught.value)


@pytest.mark.parametrize(
    "text", ["my back hurts", "", "?", "第一", "😀", "back " * 1000, "a" * 5000]
)
def test_every_text_has_a_vector_of_unit_length(text):
    encoded = encoder().encode(text)

    assert encoded.sentence.shape == (384,)
    assert encoded.layers.shape == (1536,)
    assert np.isfinite(encoded.layers).all()
    assert np.linalg.norm(encoded.sentence) == pytest.approx(1.0, abs=1e-5)


def test_the_same_text_has_the_same_vectors():
    encoder().encode("something else in between")

    first, second = (encoder().encode("can I run") for _ in range(2))

    assert np.array_equal(first.sentence, second.sentence)
    assert np.array_equal(first.layers, second.layers)


def test_what_stands_behind_128_pieces_is_cut():
    long = "my back hurts " * 60

    assert likeness(long, f"{long} where can I park") == pytest.approx(1.0, abs=1e-5)


@pytest.mark.parametrize(
    ("text", "paraphrase"),
    [
        ("how much does it cost", "what is the price"),
        ("can I exercise with back pain", "is it ok to work out with a sore back"),
        ("I want to make an appointment", "please book an appointment for me"),
    ],
)
def test_paraphrases_are_alike(text, paraphrase):
    assert likeness(text, paraphrase) > 0.5


@pytest.mark.parametrize(
    ("text", "other"),
    [
        ("how much does it cost", "my dog likes the beach"),
        ("can I exercise with back pain", "the train leaves at noon"),
        ("I want to make an appointment", "whales live in the sea"),
    ],
)
def test_unrelated_texts_are_not_alike(text, other):
    assert likeness(text, other) < 0.2
