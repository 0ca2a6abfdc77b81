import shutil
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from addons.safety.network import GRAPH_FILE
from addons.safety.opinion import (
    LOWEST,
    WORDS_WEIGHT,
    Scores,
    StatisticalLayer,
    Thresholds,
)
from addons.understanding.encoder import ENCODER_FOLDER, TOKENIZER_FILE
from addons.understanding.errors import EncoderError

LEVELS = {
    "SADDLE": "emergency",
    "CHEST": "emergency",
    "WEAK": "urgent",
    "STIFF": "soon",
}
THRESHOLDS = Thresholds(1.0, 2.0, 3.0, 4.0, quiet=-2.0, doubtful=-3.0, silent=-5.0)
FLAGS = {"SADDLE": 0.1, "CHEST": 0.3, "WEAK": 0.2, "STIFF": -3.0}


def opinion(
    *steps: float,
    other: float = -1.0,
    at_signs: float = LOWEST,
    at_phrases: float = LOWEST,
    **flags: float,
):
    steps = steps or (-9.0,) * 4
    scores = Scores(steps, other, flags or FLAGS, at_signs, at_phrases)
    return scores.opinion(THRESHOLDS, LEVELS)


@pytest.mark.parametrize(
    ("steps", "level"),
    [
        ((0.9, 1.9, 2.9, 3.9), "none"),
        ((1.0, 1.9, 2.9, 3.9), "check"),
        ((1.0, 2.0, 2.9, 3.9), "soon"),
        ((1.0, 2.0, 3.0, 3.9), "urgent"),
        ((1.0, 2.0, 3.0, 4.0), "emergency"),
        ((-9.0, -9.0, -9.0, 4.0), "emergency"),
        ((1.0, -9.0, 3.0, -9.0), "urgent"),
    ],
)
def test_the_gravest_step_at_its_threshold_is_the_level(steps, level):
    assert opinion(*steps, WEAK=1.0, SADDLE=0.1).level == level


@pytest.mark.parametrize(("score", "flag"), [(0.5, "CHEST"), (-0.1, "SADDLE")])
def test_a_flag_that_stands_apart_is_named_only_if_it_is_likely(score, flag):
    scores = Scores((9.0,) * 4, -1.0, {"CHEST": score, "SADDLE": -0.2})
    assert scores.opinion(THRESHOLDS, LEVELS, apart={"CHEST"}).flag == flag


@pytest.mark.parametrize(
    ("steps", "level"),
    [((1.0, 2.0, 3.0, 3.9), "emergency"), ((1.0, 2.0, 2.9, 3.9), "soon")],
)
def test_an_urgent_message_most_like_an_emergency_is_one(steps, level):
    assert opinion(*steps, WEAK=0.2, CHEST=0.3, GONE=9.0).level == level


@pytest.mark.parametrize(
    ("steps", "flag"),
    [
        ((1.0, 2.0, 3.0, 4.0), "CHEST"),
        ((1.0, 2.0, 3.0, -9.0), "CHEST"),
        ((1.0, 2.0, -9.0, -9.0), "STIFF"),
        ((1.0, -9.0, -9.0, -9.0), "CHEST"),
    ],
)
def test_the_likeliest_flag_of_the_level_is_named_or_else_the_likeliest(steps, flag):
    assert opinion(*steps).flag == flag


@pytest.mark.parametrize(
    ("flags", "flag"),
    [({"GONE": 9.0, "SADDLE": -8.0}, "SADDLE"), ({"GONE": 9.0}, ""),
     ({"GONE": 9.0, "STIFF": -8.0}, "STIFF")],
)  # fmt: skip
def test_a_flag_that_no_rule_has_is_never_named(flags, flag):
    assert opinion(9.0, 9.0, 9.0, 9.0, **flags).flag == flag


@pytest.mark.parametrize(
    ("check", "quiet", "silent"),
    [(-1.9, False, False), (-2.0, False, False), (-2.1, True, False),
     (-5.0, True, False), (-5.1, True, True)],
)  # fmt: skip
def test_quiet_and_silent_lie_below_their_thresholds(check, quiet, silent):
    found = opinion(check, -9.0, -9.0, -9.0)
    assert (found.quiet, found.silent) == (quiet, silent)


@pytest.mark.parametrize(
    ("check", "doubtful"), [(-2.1, False), (-3.0, False), (-3.1, True), (-5.1, True)]
)
def test_doubtful_lies_between_quiet_and_silent(check, doubtful):
    assert opinion(check, -9.0, -9.0, -9.0).doubtful == doubtful


@pytest.mark.parametrize(
    ("at_signs", "counts"),
    [(LOWEST, False), (-1.0, False), (6.9, False), (7.0, True), (9.0, True)],
)
def test_a_sentence_counts_for_quiet_and_silent_from_its_threshold(at_signs, counts):
    found = opinion(at_signs=at_signs)
    assert (found.quiet, found.silent) == (not counts, not counts)


@pytest.mark.parametrize(
    ("at_phrases", "quiet", "silent"),
    [
        (LOWEST, True, True),
        (-5.1, True, True),
        (-5.0, True, False),
        (-2.0, False, False),
    ],
)
def test_a_phrase_always_counts_for_quiet_and_silent(at_phrases, quiet, silent):
    found = opinion(at_phrases=at_phrases)
    assert (found.quiet, found.silent) == (quiet, silent)


def test_a_sentence_or_phrase_by_itself_does_not_raise_the_level():
    assert opinion(at_signs=9.0, at_phrases=9.0).level == "none"


@pytest.mark.xfail(strict=True, reason="quiet looks at the lowest step only")
@pytest.mark.parametrize("step", [1, 2, 3])
def test_what_looks_alarming_is_neither_quiet_nor_silent(step):
    steps = [-9.0] * 4
    steps[step] = 9.0
    found = opinion(*steps)
    assert (found.quiet, found.silent) == (False, False)


@pytest.mark.parametrize(("other", "about"), [(0.1, True), (0.0, False), (-1, False)])
def test_a_score_above_0_means_somebody_else(other, about):
    assert opinion(other=other).about_other == about


def write_learned(file: Path, flags: tuple[str, ...] = ("SADDLE", "GONE")) -> None:
    """Writes scores by words in which only "numb" counts, for all four steps."""
    np.savez(
        file,
        flags=np.array(flags),
        **{
            "lexical.terms": np.frombuffer(b"numb\nfine", np.uint8),
            "lexical.rarity": np.ones(2, np.float16),
            "lexical.slopes": np.array([[8.0] * 4, [0.0] * 4], np.float16)
            / WORDS_WEIGHT,
            "lexical.bases": np.full(4, -1.0, np.float32) / WORDS_WEIGHT,
        },
    )


def write_graph(folder: Path, logits: tuple[float, ...]) -> None:
    """Writes a graph that says the same of every text."""
    constant = numpy_helper.from_array(np.array([logits], np.float32), "constant")
    pieces = helper.make_tensor_value_info("input_ids", TensorProto.INT64, [1, "n"])
    shape = [1, len(logits)]
    output = helper.make_tensor_value_info("logits", TensorProto.FLOAT, shape)
    node = helper.make_node("Identity", ["constant"], ["logits"])
    graph = helper.make_graph([node], "constant", [pieces], [output], [constant])
    opset = [helper.make_opsetid("", 17)]
    model = helper.make_model(graph, opset_imports=opset, ir_version=8)
    onnx.save(model, folder / GRAPH_FILE)


@pytest.fixture
def learned(tmp_path) -> Path:
    """Files of a small statistical layer; the network's part is 1 to 7."""
    shutil.copy(ENCODER_FOLDER / TOKENIZER_FILE, tmp_path)
    write_graph(tmp_path, (1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0))
    write_learned(tmp_path / "learned.npz")
    return tmp_path / "learned.npz"


def test_the_scores_are_those_of_network_and_words_together(learned):
    scores = StatisticalLayer(learned.parent, learned).scores("NUMB!")
    assert scores.steps == (8.0, 9.0, 10.0, 11.0)
    assert (scores.other, scores.flags) == (5.0, {"SADDLE": 6.0, "GONE": 7.0})


@pytest.mark.parametrize(
    ("sentences", "at_signs"),
    [([], LOWEST), (["numb"], 8.0), (["fine", "numb"], 8.0), (["fine"], 0.0),
     ([" I am fine. numb\n"], LOWEST)],
)  # fmt: skip
def test_sentences_with_a_sign_are_scored_by_themselves(learned, sentences, at_signs):
    layer = StatisticalLayer(learned.parent, learned)
    assert layer.scores("I am fine. numb", sentences).at_signs == at_signs


@pytest.mark.parametrize(
    ("phrases", "at_phrases"), [([], LOWEST), (["fine", "numb"], 8.0), (["fine"], 0.0)]
)
def test_phrases_are_scored_by_themselves(learned, phrases, at_phrases):
    layer = StatisticalLayer(learned.parent, learned)
    assert layer.scores("I am fine. numb", phrases=phrases).at_phrases == at_phrases


def message_for(learned: Path) -> str:
    with pytest.raises(EncoderError) as caught:
        StatisticalLayer(learned.parent, learned)
    return str(caught.value)


@pytest.mark.parametrize("missing", [GRAPH_FILE, TOKENIZER_FILE])
def test_a_missing_or_damaged_model_says_what_to_do(learned, missing):
    for spoil in (lambda file: file.write_bytes(b"{}"), Path.unlink):
        spoil(learned.parent / missing)
        found = message_for(learned)
        assert f"network in '{learned.parent}' cannot be read (" in found
        assert found.endswith("Delete that folder and run `make encoder`.")


def cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-200])


DAMAGES = {
    "missing": Path.unlink,
    "not numpy": lambda file: file.write_bytes(b"not numpy"),
    "other arrays": lambda file: np.savez(file, flags=np.array(["SADDLE"])),
    "empty": lambda file: file.write_bytes(b""),
    "cut": cut,
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_learned_numbers_that_cannot_be_read_say_what_to_do(learned, damage):
    DAMAGES[damage](learned)
    found = message_for(learned)
    assert found.startswith(f"'{learned}' cannot be read (")
    assert found.endswith(
        "Take it from the repository, or run `make red-flag-network`."
    )


def test_a_graph_with_other_flags_is_noticed_at_the_start(learned):
    write_learned(learned, flags=("SADDLE", "CHEST", "WEAK"))
    assert "make" in message_for(learned)
