import pytest

from addons.understanding.spelling import SpellingCorrector


@pytest.fixture(scope="module")
def corrector():
    return SpellingCorrector({"physio", "biokineticist", "gp"})


@pytest.mark.parametrize("word", ["back", "sciatica", "exercise", "appointment"])
def test_leaves_a_known_word_alone(corrector, word):
    assert corrector.correct(word) == word


@pytest.mark.parametrize("word", ["physio", "biokineticist", "gp"])
def test_leaves_a_word_of_the_clinic_alone(corrector, word):
    assert corrector.correct(word) == word


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("apointment", "appointment"),
        ("exersise", "exercise"),
        ("mussle", "muscle"),
        ("physoi", "physio"),
        ("biokinetisist", "biokineticist"),
    ],
)
def test_corrects_a_typing_error(corrector, typed, meant):
    assert corrector.correct(typed) == meant


@pytest.mark.parametrize("word", ["", "x", "bk", "hpy", "zzq"])
def test_leaves_a_short_word_alone(corrector, word):
    assert corrector.correct(word) == word


@pytest.mark.parametrize("word", ["qqqqzzzz", "xkcdvwpq", "z" * 300])
def test_leaves_a_word_alone_that_is_near_to_nothing(corrector, word):
    assert corrector.correct(word) == word


def test_a_word_of_the_clinic_wins_over_a_rarer_one():
    assert SpellingCorrector(()).correct("tapng") == "tang"
    assert SpellingCorrector({"taping"}).correct("tapng") == "taping"


@pytest.mark.issue("DOMAIN_COUNT is small beside the counts of common words")
@pytest.mark.parametrize(("typed", "meant"), [("spasn", "spasm"), ("gluts", "glute")])
def test_a_word_of_the_clinic_wins_over_a_common_one(typed, meant):
    assert SpellingCorrector({"spasm", "glute"}).correct(typed) == meant


def test_a_word_of_five_letters_is_changed_in_one_place_only(corrector):
    assert corrector.correct("phzqo") == "phzqo"
