import shutil
from functools import lru_cache

import numpy as np
import onnx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from onnx import TensorProto, helper, numpy_helper

from addons.safety.network import GRAPH_FILE, NetworkScorer
from addons.safety.wording import STEP_WORDS, WINDOW_WORDS, normalise, windows
from addons.understanding.encoder import (
    ENCODER_FOLDER,
    LONGEST,
    TOKENIZER_FILE,
    Pieces,
)

MARK = "水"  # a piece of its own, whatever stands beside it


@lru_cache(maxsize=1)
def pieces() -> Pieces:
    return Pieces(ENCODER_FOLDER / TOKENIZER_FILE)


def numbered(count: int) -> list[str]:
    return [f"w{number}" for number in range(count)]


@pytest.mark.parametrize(
    "text",
    ["can't feel", "can’t feel", "can‘t feel", "can`t feel", "can´t feel",
     "can＇t feel", "cant feel", "CAN'T FEEL", "Can’t Feel", " can't  feel ",
     "can't\nfeel", "can't 😀 feel", "😀can't feel👍🏽", "can't\u200b feel",
     "ｃａｎ't feel", "can't feeeel", "can't \ud83d feel"],
)  # fmt: skip
def test_spellings_of_the_same_words_become_one(text):
    assert normalise(text) == "cant feel"


@pytest.mark.parametrize(
    "text",
    ["can't ❤️ feel", "can't fe\u200bel", "can\u02bct feel", "cán't feél",
     "can't fe\u0301el"],
)  # fmt: skip
def test_invisible_marks_and_other_apostrophes_do_not_count(text):
    assert normalise(text) == "cant feel"


@pytest.mark.parametrize("text", ["", " ", "\n", "😀", "'", "\u200b"])
def test_what_says_nothing_becomes_empty(text):
    assert normalise(text) == ""


def test_marks_that_part_sentences_stay():
    assert normalise("No. Numb? Yes, 3/10!") == "no. numb? yes, 3/10!"


@given(st.text(max_size=100))
def test_any_text_becomes_small_letters_with_single_spaces(text):
    plain = normalise(text)
    assert plain == " ".join(plain.split())
    assert "'" not in plain


@pytest.mark.parametrize("count", [1, 2, WINDOW_WORDS])
def test_a_short_text_is_one_window(count):
    text = " ".join(numbered(count))
    assert windows(text) == [text]


def test_an_empty_text_is_one_empty_window():
    assert windows("") == [""]


@pytest.mark.parametrize(
    ("count", "spans"),
    [
        (71, [(0, 70), (60, 71)]),
        (120, [(0, 70), (60, 120)]),
        (130, [(0, 70), (60, 130)]),
        (131, [(0, 70), (60, 130), (120, 131)]),
    ],
)
def test_a_long_text_is_read_in_windows_that_overlap(count, spans):
    words = numbered(count)
    expected = [" ".join(words[start:end]) for start, end in spans]
    assert windows(" ".join(words)) == expected


@given(st.integers(WINDOW_WORDS + 1, 3000), st.randoms(use_true_random=False))
def test_all_words_stand_in_some_window_beside_their_neighbours(count, random):
    words = numbered(count)
    first = random.randrange(count - (WINDOW_WORDS - STEP_WORDS) + 1)
    row = " ".join(words[first : first + WINDOW_WORDS - STEP_WORDS])
    assert any(f" {row} " in f" {window} " for window in windows(" ".join(words)))


@given(st.integers(1, 5000))
def test_the_number_of_windows_grows_with_the_text_only(count):
    found = windows(" ".join(numbered(count)))
    assert len(found) <= count / STEP_WORDS + 1
    assert all(len(window.split(" ")) <= WINDOW_WORDS for window in found)


def unseen(text: str) -> bool:
    """Says whether words are cut from a window and stand in no other one."""
    *rows, last = (window.split(" ") for window in windows(normalise(text)))
    starts = [" ".join(row[:STEP_WORDS]) for row in rows]
    return any(len(pieces()(part)) >= LONGEST for part in (*starts, " ".join(last)))


@pytest.mark.parametrize("between", [" ", "\n", " 😀 "])
@pytest.mark.parametrize("part", ["my back hurts,", "I can't feel my bum."])
def test_the_network_sees_every_word_of_a_long_text(part, between):
    assert not unseen(between.join([part] * 90))


@pytest.fixture(scope="module")
def noticing(tmp_path_factory) -> NetworkScorer:
    """A network that notices one mark, wherever it stands in what it is given."""
    folder = tmp_path_factory.mktemp("graph")
    shutil.copy(ENCODER_FOLDER / TOKENIZER_FILE, folder)
    (_, mark, _) = pieces()(MARK)
    constants = [
        numpy_helper.from_array(np.array(mark, np.int64), "mark"),
        numpy_helper.from_array(np.array([1], np.int64), "axes"),
    ]
    ids = helper.make_tensor_value_info("input_ids", TensorProto.INT64, [1, "n"])
    logits = helper.make_tensor_value_info("logits", TensorProto.FLOAT, [1, 1])
    nodes = [
        helper.make_node("Equal", ["input_ids", "mark"], ["same"]),
        helper.make_node("Cast", ["same"], ["numbers"], to=TensorProto.FLOAT),
        helper.make_node("ReduceSum", ["numbers", "axes"], ["logits"]),
    ]
    graph = helper.make_graph(nodes, "noticing", [ids], [logits], constants)
    opset = [helper.make_opsetid("", 17)]
    model = helper.make_model(graph, opset_imports=opset, ir_version=8)
    onnx.save(model, folder / GRAPH_FILE)
    return NetworkScorer(folder)


@pytest.mark.parametrize(
    ("part", "between"),
    [("my back hurts", " "), ("Ngiyabonga kakhulu namhlanje", " "),
     ("numb,pain", ","), ("😀numb", "..."), ("a" * 300, " ")],
)  # fmt: skip
def test_the_network_sees_every_word_of_long_or_joined_words(noticing, part, between):
    for place in (0, 1, 44, 45, 60, 88, 89):
        parts = [part] * 90
        parts[place] = MARK
        assert noticing.logits(normalise(between.join(parts))) > 0
    assert noticing.logits(normalise(between.join([part] * 90))) == 0
