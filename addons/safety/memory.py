"""Keeps the newest results of a costly step.

A message is judged twice if a typing error was corrected in it, and a long one has
many parts that are the same both times.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any, Generic, TypeVar

Result = TypeVar("Result")

NEWEST = 256


class Memory(Generic[Result]):
    """Results by what they were made from; the oldest are forgotten.

    Args:
        most: how many are kept.
    """

    def __init__(self, most: int = NEWEST) -> None:
        self._most = most
        self._results: OrderedDict[Hashable, Result] = OrderedDict()

    def recall(self, key: Hashable, make: Callable[..., Result], *parts: Any) -> Result:
        """Returns what was made of some parts, and makes it if it is not there."""
        if key in self._results:
            self._results.move_to_end(key)
        else:
            self._results[key] = make(*parts)
            if len(self._results) > self._most:
                self._results.popitem(last=False)
        return self._results[key]
