import pytest

from addons.understanding.search import ArticleSearch
from documents.articles import Section
from tests.addons.helpers import encoder, reader


def section(name: str, title: str, *paragraphs: str) -> Section:
    return Section(f"clinic#{name}", "The clinic", title, *paragraphs[:1],
                   paragraphs[1:], (), "clinic.md:1")  # fmt: skip


@pytest.fixture(scope="module")
def search():
    sections = [
        section("fees", "Fees", "A visit costs R650.", "You can pay by card or cash."),
        section("parking", "Parking", "Cars can stand free of charge at the gate."),
        section("heat", "Heat", "A warm pack relaxes a sore muscle.", "Not too hot."),
    ]
    return ArticleSearch(sections, encoder().encode, reader().lemmas)


def find(search, text, **options):
    return search.find(text, encoder().encode(text), **options)


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("what does a visit cost", "clinic#fees"),
        ("do you take cards", "clinic#fees"),
        ("where do i leave my car", "clinic#parking"),
        ("is a hot water bottle good for my back", "clinic#heat"),
    ],
)
def test_finds_the_section_that_answers(search, text, address):
    assert find(search, text)[0].section == address


@pytest.mark.parametrize("text", ["what does a visit cost", "the of", "", "zebra"])
def test_lists_each_section_once_with_the_best_first(search, text):
    found = find(search, text)

    scores = [passage.score for passage in found]
    assert scores == sorted(scores, reverse=True)
    assert sorted(passage.section for passage in found) == [
        "clinic#fees",
        "clinic#heat",
        "clinic#parking",
    ]


@pytest.mark.parametrize("most", [1, 2])
def test_returns_no_more_than_asked_for(search, most):
    assert find(search, "warm pack", most=most) == find(search, "warm pack")[:most]


def test_a_word_of_the_section_raises_its_score(search):
    encoded = encoder().encode("my car")

    with_word = search.find("gate", encoded, most=1)[0]
    without = search.find("zebra", encoded, most=1)[0]

    assert with_word.section == without.section == "clinic#parking"
    assert with_word.score > without.score


def test_a_question_scores_higher_than_an_unrelated_text(search):
    question = find(search, "can i pay by card")[0].score
    assert question > 0.5 > find(search, "whales live in the sea")[0].score
