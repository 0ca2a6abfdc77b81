import numpy as np
import pytest

from addons.understanding.errors import SettingError
from addons.understanding.topic_model import TopicModel, ViewWeights
from addons.understanding.train_topics import train_topics
from tests.addons.helpers import encoder

EXAMPLES = {
    "faq/cost": ["how much is a visit", "what does it cost", "what is the price"],
    "faq/hours": ["when are you open", "opening hours", "what time do you close"],
    "faq/place": ["where are you", "what is your address", "how do i get there"],
    "greet": ["hello", "hi there", "good morning"],
    "thank": ["thank you", "thanks a lot", "many thanks"],
    "book_appointment": ["i want to book", "make an appointment", "book a visit"],
}
LABELS = [label for label, texts in EXAMPLES.items() for _ in texts]
TEXTS = [text for texts in EXAMPLES.values() for text in texts]


@pytest.fixture(scope="module")
def model():
    return train_topics(TEXTS, [encoder().encode(t) for t in TEXTS], LABELS)


def score(model, text, **options):
    return model.score(text, encoder().encode(text), **options)


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("how much does a visit cost", "faq/cost"),
        ("are you open on saturday", "faq/hours"),
        ("whats your street address", "faq/place"),
        ("hey hello", "greet"),
        ("thanks so much", "thank"),
        ("can i make a booking", "book_appointment"),
    ],
)
def test_puts_a_new_wording_to_its_topic(model, text, label):
    assert score(model, text).ranking[0][0] == label


@pytest.mark.parametrize("text", ["how much is a visit", "whales sing", "", "?"])
def test_scores_are_chances_of_all_labels_with_the_best_first(model, text):
    ranking = score(model, text).ranking

    chances = [chance for _, chance in ranking]
    assert sorted(label for label, _ in ranking) == sorted(EXAMPLES)
    assert sum(chances) == pytest.approx(1.0, abs=1e-5)
    assert chances == sorted(chances, reverse=True)


def test_an_example_is_most_like_itself(model):
    # Examples are kept in half precision.
    assert score(model, "when are you open").likeness == pytest.approx(1.0, abs=1e-3)
    assert score(model, "whales live in the sea").likeness < 0.5


def test_returns_the_chance_of_one_label(model):
    scores = score(model, "hello")
    assert scores.of("greet") == scores.ranking[0][1]
    assert scores.of("no such label") == 0.0


def test_a_higher_temperature_flattens_the_scores(model):
    sharp = score(model, "hello", weights=ViewWeights(temperature=0.5))
    flat = score(model, "hello", weights=ViewWeights(temperature=5.0))
    assert sharp.of("greet") > flat.of("greet")


def test_the_order_of_the_examples_does_not_matter(model):
    turned = train_topics(
        TEXTS[::-1], [encoder().encode(t) for t in TEXTS[::-1]], LABELS[::-1]
    )
    for text in ("what is the cost", "are you open"):
        ours, theirs = dict(score(model, text).ranking), score(turned, text).ranking
        assert ours == pytest.approx(dict(theirs), abs=1e-2)


def test_a_stored_model_gives_equal_scores(model, tmp_path):
    model.save(tmp_path)
    loaded = TopicModel.load(tmp_path)

    for text in (*TEXTS, "whales sing", ""):
        assert score(loaded, text) == score(model, text)


def test_nothing_in_a_stored_model_is_pickled(model, tmp_path):
    model.save(tmp_path)

    with np.load(tmp_path / "topics.npz", allow_pickle=False) as stored:
        kinds = {name: stored[name].dtype.kind for name in stored.files}

    assert set(kinds.values()) <= {"U", "f", "i"}
    assert [file.name for file in tmp_path.iterdir()] == ["topics.npz"]


def test_labels_may_have_different_numbers_of_examples():
    texts = ["hello", "hello you", "hello there", "hey", "thanks", "bye", "bye you"]
    labels = ["greet"] * 4 + ["thank"] + ["goodbye"] * 2
    model = train_topics(texts, [encoder().encode(t) for t in texts], labels)

    assert score(model, "hello").ranking[0][0] == "greet"


@pytest.mark.parametrize("labels", [[], ["greet"], ["greet", "thank", "greet"]])
def test_fewer_than_three_labels_are_an_error(labels):
    texts = ["hello", "thanks", "hi"][: len(labels)]

    with pytest.raises(SettingError) as caught:
        train_topics(texts, [encoder().encode(t) for t in texts], labels)

    assert str(caught.value) == (
        f"The examples name {len(set(labels))} intents; at least 3 are needed. "
        "Add topics under data/."
    )
