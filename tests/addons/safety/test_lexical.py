import numpy as np
import pytest

from addons.safety.lexical import LexicalScorer, words_and_parts
from addons.understanding.word_features import WordFeatures

TEXTS = [
    "my leg is numb",
    "my back is sore",
    "numb legs",
    "dit is seer",
    "naïve ≥ 第一",
]
STEPS = 4


@pytest.fixture
def scorer() -> LexicalScorer:
    """A scorer whose numbers all fit into 16 bits."""
    terms = WordFeatures.fit(TEXTS, fewest=1, split=words_and_parts).terms
    random = np.random.default_rng(3)
    rarity = random.integers(8, 40, len(terms)).astype(np.float32) / 8
    slopes = random.integers(-64, 64, (len(terms), STEPS)).astype(np.float32) / 8
    bases = random.normal(size=STEPS).astype(np.float32)
    return LexicalScorer(WordFeatures(terms, rarity, words_and_parts), slopes, bases)


def bases(scorer: LexicalScorer) -> np.ndarray:
    return scorer.arrays()["lexical.bases"]


@pytest.mark.parametrize("text", [*TEXTS, "my leg my leg my leg", "", "xyz"])
def test_scores_are_equal_after_they_were_stored(scorer, tmp_path, text):
    np.savez_compressed(tmp_path / "stored.npz", **scorer.arrays())
    with np.load(tmp_path / "stored.npz") as arrays:
        read = LexicalScorer.from_arrays(arrays)

    np.testing.assert_array_equal(read.scores(text), scorer.scores(text))


def test_what_is_stored_twice_is_the_same(scorer):
    arrays = scorer.arrays()
    again = LexicalScorer.from_arrays(arrays).arrays()
    assert {name: row.tobytes() for name, row in again.items()} == {
        name: row.tobytes() for name, row in arrays.items()
    }


@pytest.mark.parametrize("text", ["", " ", "?!", "qqq", "😀"])
def test_a_text_without_a_known_part_gets_the_bases(scorer, text):
    np.testing.assert_array_equal(scorer.scores(text), bases(scorer))


def test_there_is_one_score_for_each_step(scorer):
    assert scorer.scores("my leg is numb").shape == (STEPS,)


def test_a_term_adds_its_slope_and_length_changes_nothing():
    features = WordFeatures(["numb"], np.array([2.0], np.float32))
    scorer = LexicalScorer(features, np.array([[3.0, -1.0]]), np.array([1.0, 1.0]))

    for text in ("numb", "numb and numb", "so numb it is"):
        np.testing.assert_allclose(scorer.scores(text), [4.0, 0.0])


def test_two_terms_share_their_weight_by_rarity():
    features = WordFeatures(["numb", "bum"], np.array([3.0, 4.0], np.float32))
    scorer = LexicalScorer(features, np.eye(2), np.zeros(2))
    np.testing.assert_allclose(scorer.scores("numb bum"), [0.6, 0.8])


def test_a_word_gives_itself_its_pairs_and_its_parts():
    assert set(words_and_parts("my leg")) == {
        "my", "leg", "my leg",
        "~ m", "~my", "~y ", "~ my", "~my ", "~ my ",
        "~ l", "~le", "~eg", "~g ", "~ le", "~leg", "~eg ", "~ leg", "~leg ", "~ leg ",
    }  # fmt: skip


def test_no_text_has_no_parts():
    assert list(words_and_parts("")) == []


def test_a_misspelt_word_shares_parts_with_the_right_one():
    right, wrong = (set(words_and_parts(word)) for word in ("numbness", "numbnes"))
    assert len(right & wrong) > len(right) / 2
