"""Waits for what happens in another thread or process."""

import time
from collections.abc import Callable

# A busy machine needs its time.
LONGEST_WAIT = 30


def until(condition: Callable[[], bool], seconds: float = LONGEST_WAIT) -> bool:
    """Says whether a condition comes true in time."""
    end = time.monotonic() + seconds
    while not condition() and time.monotonic() < end:
        time.sleep(0.01)
    return condition()
