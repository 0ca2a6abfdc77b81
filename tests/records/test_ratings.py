from datetime import timedelta

import pytest

from records.ratings import Ratings
from tests.records.samples import NOW

DAY = timedelta(days=1)


@pytest.fixture
def clock():
    return [NOW]


@pytest.fixture
def ratings(database_url, clock):
    return Ratings(database_url, clock=lambda: clock[-1])


def test_the_latest_rating_of_an_answer_counts(ratings):
    ratings.rate("ann", "m1.1", topic="back#heat", helpful=True)
    ratings.rate("ann", "m1.1", topic="back#heat", helpful=False)
    ratings.rate("ann", "m2.1", topic="back#rest", helpful=True)
    ratings.rate("ben", "m1.1", topic="back#heat", helpful=True)

    assert ratings.of("ann") == {"m1.1": False, "m2.1": True}
    assert ratings.of("' OR 1=1") == {}


def test_ratings_are_counted_by_section_and_time(ratings, clock):
    ratings.rate("ann", "m1.1", topic="back#heat", helpful=True)
    ratings.rate("ben", "m1.1", topic="back#heat", helpful=True)
    ratings.rate("ben", "m2.1", topic="back#heat", helpful=False)
    clock.append(NOW + DAY)
    ratings.rate("eve", "m1.1", topic="back#rest", helpful=False)

    assert ratings.by_topic(NOW, NOW + DAY) == [
        {"topic": "back#heat", "helpful": False, "times": 1},
        {"topic": "back#heat", "helpful": True, "times": 2},
    ]
    assert len(ratings.by_topic(NOW, NOW + 2 * DAY)) == 3
