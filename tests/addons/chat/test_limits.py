import pytest

import addons.chat.limits
from addons.chat.limits import Limit


@pytest.fixture
def clock():
    return [0.0]


@pytest.fixture
def limit(clock):
    return Limit(3, 30, clock=lambda: clock[-1])


def test_a_burst_goes_through_and_then_one_every_two_seconds(limit, clock):
    assert [limit.seconds_to_wait("ann") for _ in range(5)] == [0, 0, 0, 2, 2]
    clock.append(2.0)
    assert [limit.seconds_to_wait("ann") for _ in range(2)] == [0, 2]


def test_others_do_not_wait(limit):
    for _ in range(5):
        limit.seconds_to_wait("ann")

    assert limit.seconds_to_wait("ben") == 0


def test_a_long_rest_gives_no_more_than_a_burst(limit, clock):
    limit.seconds_to_wait("ann")
    clock.append(1e6)
    assert [limit.seconds_to_wait("ann") for _ in range(4)] == [0, 0, 0, 2]


def test_a_hundred_times_the_addresses_take_no_more_memory(monkeypatch, clock):
    monkeypatch.setattr(addons.chat.limits, "MOST_BUCKETS", 10)
    limit = Limit(1, 1, clock=lambda: clock[-1])

    for number in range(1000):
        limit.seconds_to_wait(str(number))

    assert len(limit._buckets) <= 10
    # The latest is still held to its limit.
    assert limit.seconds_to_wait("999") > 0
