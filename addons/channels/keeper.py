"""Stores what webhooks bring: all that has come meanwhile in one transaction."""

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from addons.whatsapp.incoming import Delivery
from records.errors import RecordsError

logger = logging.getLogger(__name__)

Keep = Callable[[Delivery], None]
MOST_AT_ONCE = 100


@dataclass(frozen=True)
class _Brought:
    delivery: Delivery
    kept: "asyncio.Future[bool]"


class Keeper:
    """One thread that writes; many webhooks at once cost one transaction.

    Args:
        keep: stores a delivery, all of it or nothing.
    """

    def __init__(self, keep: Keep) -> None:
        self._keep = keep
        self._brought: list[_Brought] = []
        self._thread = ThreadPoolExecutor(1, "whatsapp-webhook")
        self._task: asyncio.Task[None] | None = None

    def warm_up(self, work: Callable[[], object]) -> None:
        """Does something in the thread, so that the first webhook finds it ready."""
        self._thread.submit(work)

    @property
    def is_busy(self) -> bool:
        """Whether a webhook waits for its answer."""
        return self._task is not None

    async def keep(self, delivery: Delivery) -> bool:
        """Stores a delivery; false if it could not be stored."""
        kept = asyncio.get_running_loop().create_future()
        self._brought.append(_Brought(delivery, kept))
        if self._task is None:
            self._task = asyncio.create_task(self._work())
        return bool(await kept)

    def close(self) -> None:
        """Ends the thread; what was not stored is brought again."""
        self._thread.shutdown(wait=False)

    async def _work(self) -> None:
        try:
            while self._brought:
                now, self._brought = (
                    self._brought[:MOST_AT_ONCE],
                    self._brought[MOST_AT_ONCE:],
                )
                if not await self._try(now):
                    for one in now:
                        # One that the database refuses must not stop the others.
                        if len(now) == 1 or not await self._try([one]):
                            _tell(one, kept=False)
        finally:
            self._task = None

    async def _try(self, several: list[_Brought]) -> bool:
        whole = joined([one.delivery for one in several])
        loop = asyncio.get_running_loop()
        try:
            await loop.run_in_executor(self._thread, self._keep, whole)
        except RecordsError as error:
            logger.error("What WhatsApp brings cannot be kept: %s", error)
            return False
        except Exception as error:  # the webhook must be answered, whatever it is
            logger.error("What WhatsApp brings cannot be kept: %s.", type(error))
            return False
        for one in several:
            _tell(one, kept=True)
        return True


def joined(several: list[Delivery]) -> Delivery:
    """Returns one delivery with everything in order."""
    return Delivery(
        tuple(message for one in several for message in one.messages),
        tuple(failure for one in several for failure in one.failures),
        tuple(change for one in several for change in one.renamed),
    )


def _tell(one: _Brought, *, kept: bool) -> None:
    # Who has brought it may be gone.
    if not one.kept.done():
        one.kept.set_result(kept)
