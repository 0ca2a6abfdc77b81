"""How much somebody may send: a bucket of tokens for each conversation or address."""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass

MOST_BUCKETS = 20_000


@dataclass
class _Bucket:
    tokens: float
    at: float


class Limit:
    """Lets a burst through and then a steady number a minute, for each key.

    It counts in this process alone: two workers let through twice as much.

    Args:
        burst: how many may come at once.
        per_minute: how many come back in a minute.
        clock: returns seconds that never go back.
    """

    def __init__(
        self,
        burst: int,
        per_minute: float,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._burst = burst
        self._per_second = per_minute / 60
        self._clock = clock
        self._buckets: dict[str, _Bucket] = {}

    def seconds_to_wait(self, key: str) -> int:
        """Returns 0 and counts one, or says in how many seconds to come back."""
        now = self._clock()
        bucket = self._buckets.get(key)
        if bucket is None:
            self._make_room(now)
            bucket = self._buckets[key] = _Bucket(self._burst, now)
        bucket.tokens = self._tokens(bucket, now)
        bucket.at = now
        if bucket.tokens >= 1:
            bucket.tokens -= 1
            return 0
        return math.ceil((1 - bucket.tokens) / self._per_second)

    def _tokens(self, bucket: _Bucket, now: float) -> float:
        gained = (now - bucket.at) * self._per_second
        return min(self._burst, bucket.tokens + gained)

    def _make_room(self, now: float) -> None:
        """Forgets who has a full bucket again, and if that is nobody, the oldest."""
        if len(self._buckets) < MOST_BUCKETS:
            return
        self._buckets = {
            key: bucket
            for key, bucket in self._buckets.items()
            if self._tokens(bucket, now) < self._burst
        }
        while len(self._buckets) >= MOST_BUCKETS:
            self._buckets.pop(next(iter(self._buckets)))
