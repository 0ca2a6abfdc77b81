import math

import numpy as np
import pytest

from addons.understanding.word_features import WordFeatures

TEXTS = ["how much is it", "how much is a visit", "is it sore", "my back is sore"]


@pytest.fixture
def features():
    return WordFeatures.fit(TEXTS)


def test_learns_words_and_pairs_that_occur_in_two_texts(features):
    assert features.terms == [
        "how",
        "how much",
        "is",
        "is it",
        "it",
        "much",
        "much is",
        "sore",
    ]


def test_learns_every_word_if_one_text_is_enough():
    assert WordFeatures.fit(["a b"], fewest=1).terms == ["a", "a b", "b"]


@pytest.mark.parametrize("text", [*TEXTS, "is is is it", "SORE, how?"])
def test_a_row_has_unit_length(features, text):
    columns, weights = features.row(text)

    assert columns == sorted(set(columns))
    assert math.isclose(math.hypot(*weights), 1.0)


@pytest.mark.parametrize("text", ["", "zebra crossing", "?!"])
def test_a_text_of_unknown_words_has_an_empty_row(features, text):
    assert features.row(text) == ([], [])


def test_unknown_words_do_not_change_a_row(features):
    assert features.row("zebra sore") == features.row("sore")


def test_a_rare_word_counts_more_than_a_common_one(features):
    columns, weights = features.row("is sore")
    by_term = {features.terms[c]: w for c, w in zip(columns, weights, strict=True)}
    assert by_term["sore"] > by_term["is"]


def letters(text):
    return text.replace(" ", "")


def test_another_split_yields_other_terms():
    features = WordFeatures.fit(["a bb", "b"], split=letters)

    assert features.terms == ["b"]
    assert features.row("bab") == features.row("b") == ([0], [1.0])


def test_another_split_is_needed_again_for_the_same_features():
    fitted = WordFeatures.fit(["ab", "ba"], split=letters)

    again = WordFeatures(fitted.terms, fitted.rarity, letters)

    assert again.row("aab") == fitted.row("aab")
    assert again.row("aab")[0] == [0, 1]


def test_terms_and_rarity_make_the_same_features_again(features):
    again = WordFeatures(list(features.terms), np.array(features.rarity))
    assert [again.row(text) for text in TEXTS] == [features.row(t) for t in TEXTS]
