"""Answers what came and sends what is written, beside the webhook."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any, TypeVar

from addons.channels.aside import Aside
from addons.channels.sending import Desk, ReplySender, in_words
from addons.whatsapp.verdicts import SendError
from records.errors import RecordsError
from records.inbox import Answer, Waiting

logger = logging.getLogger(__name__)

Result = TypeVar("Result")
Answers = Callable[[Waiting], Awaitable[Answer]]
# How often the database is asked when nobody has said that there is work.
IDLE_SECONDS = 1.0
FIRST_PAUSE = timedelta(seconds=2)
# Understanding keeps the processor and the event loop busy: a second answer at the same
# time would only delay the webhook. An answer that takes longer than this waits for
# something else, such as a slow action, and must not hold up the others.
BUSY_SECONDS = 0.3
# How long the next answer waits at most while webhooks wait for theirs.
WEBHOOK_SECONDS = 0.5
ANSWERS_AT_ONCE = 16
SENDS_AT_ONCE = 8


class Pump:
    """Two loops: from the inbox to answers, from answers to the patient.

    Args:
        desk: where messages wait and how they are sent.
        answers: answers one message; it is called again if the process was killed.
        at_once: how many conversations may wait for their answer at the same time.
        first_wait: how long nothing is begun after a start, so that a message which
            came while the process was away is not overtaken by a later one.
        is_busy: says whether a webhook waits: it goes before the next answer.
    """

    def __init__(
        self,
        desk: Desk,
        answers: Answers,
        *,
        at_once: int = ANSWERS_AT_ONCE,
        first_wait: timedelta = timedelta(0),
        is_busy: Callable[[], bool] = lambda: False,
    ) -> None:
        self._desk = desk
        self._answers = answers
        self._at_once = {"answer": at_once, "send": SENDS_AT_ONCE}
        self._begun = 0.0
        self._wake = {"answer": asyncio.Event(), "send": asyncio.Event()}
        self._busy: dict[str, set[asyncio.Task[None]]] = {
            "answer": set(),
            "send": set(),
        }
        self._loops: list[asyncio.Task[None]] = []
        self._others: set[asyncio.Task[None]] = set()
        self._stopping = False
        self._first_wait = first_wait.total_seconds()
        self._is_busy = is_busy
        # One thread writes: SQLite lets no second one in.
        self._records = ThreadPoolExecutor(1, "whatsapp-records")
        self._network = ThreadPoolExecutor(SENDS_AT_ONCE, "whatsapp-network")
        self._sender = ReplySender(desk, self._write, self._call)
        self.aside = Aside(desk.channel, answers, self._sender.try_to_send)

    def start(self) -> None:
        """Begins; needs a running event loop."""
        self._loops = [
            asyncio.create_task(self._run("answer", self._due_messages)),
            asyncio.create_task(self._run("send", self._due_replies)),
        ]

    async def stop(self, *, seconds: float = 5.0) -> None:
        """Finishes what is in hand; what waits stays in the database."""
        self._stopping = True
        for event in self._wake.values():
            event.set()
        if self._in_hand:
            await asyncio.wait(self._in_hand, timeout=seconds)
        # Once more, as the loops may have begun something meanwhile.
        left = {*self._in_hand, *self._others}
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)
        self._records.shutdown(wait=False)
        self._network.shutdown(wait=False)

    @property
    def _in_hand(self) -> set[asyncio.Task[None]]:
        return {*self._loops, *self._busy["answer"], *self._busy["send"]}

    def wake(self, after: timedelta = timedelta(0)) -> None:
        """Says that a message has come, which is due after a while."""
        loop = asyncio.get_running_loop()
        # A little later than it is due, as clocks are read twice.
        loop.call_later(after.total_seconds() + 0.01, self._wake["answer"].set)

    async def _run(
        self, name: str, due: Callable[[int], Coroutine[Any, Any, list[Any]]]
    ) -> None:
        wake, busy, failures = self._wake[name], self._busy[name], 0
        await asyncio.sleep(self._first_wait)
        while not self._stopping:
            wake.clear()
            found: list[Any] = []
            try:
                free = self._free(name)
                found = await due(free) if free > 0 else []
                failures = 0
            except Exception as error:  # the loop must outlive any trouble
                failures += 1
                logger.error("The queue of WhatsApp failed: %s.", in_words(error))
            for work in found:
                task = asyncio.create_task(work)
                busy.add(task)
                task.add_done_callback(lambda t: self._done(name, t))
            if not found:
                pause = BUSY_SECONDS if busy else IDLE_SECONDS
                await _wait(wake, pause * min(2**failures, 8))

    def _free(self, name: str) -> int:
        """Returns how many more may be begun now."""
        free = self._at_once[name] - len(self._busy[name])
        if name == "send" or not self._busy[name]:
            return free if name == "send" else 1
        has_waited = time.monotonic() - self._begun > BUSY_SECONDS
        return min(free, 1) if has_waited else 0

    def _done(self, name: str, task: asyncio.Task[None]) -> None:
        self._busy[name].discard(task)
        self._wake[name].set()
        if not task.cancelled() and (error := task.exception()):
            logger.error("A message of WhatsApp failed: %s.", in_words(error))

    async def _due_messages(self, free: int) -> list[Coroutine[Any, Any, None]]:
        desk = self._desk
        end = self._begun + WEBHOOK_SECONDS
        while self._is_busy() and time.monotonic() < end:
            await asyncio.sleep(0.005)
        found = await self._write(desk.inbox.lease, desk.channel, free)
        self._begun = time.monotonic()
        return [self._answer(waiting) for waiting in found]

    async def _due_replies(self, free: int) -> list[Coroutine[Any, Any, None]]:
        desk = self._desk
        found = await self._write(desk.replies.lease, desk.channel, free)
        return [self._sender.send(outgoing) for outgoing in found]

    async def _answer(self, waiting: Waiting) -> None:
        reading = asyncio.create_task(self._mark_read(waiting.message.id))
        self._others.add(reading)
        reading.add_done_callback(self._others.discard)
        if self.aside.knows(waiting.message):
            answer = Answer(())
        else:
            try:
                answer = await self._answers(waiting)
            except Exception as error:  # tried again, whatever it is
                logger.error("A message could not be answered: %s.", in_words(error))
                later = FIRST_PAUSE * 2 ** min(waiting.attempts, 8)
                await self._write(self._desk.inbox.put_off, waiting, later)
                return
        try:
            await self._write(self._desk.inbox.answer, waiting, answer)
        except RecordsError as error:
            logger.error("An answer is sent without being kept: %s", error)
            await self.aside.send(waiting, answer)
        self._wake["send"].set()

    async def _mark_read(self, message_id: str) -> None:
        try:
            await self._call(self._desk.route.mark_read, message_id)
        except SendError as error:
            logger.info("A message was not marked as read: %s.", error.code)

    async def _write(self, work: Callable[..., Result], *values: Any) -> Result:
        return await _in(self._records, work, *values)

    async def _call(self, work: Callable[..., Result], *values: Any) -> Result:
        return await _in(self._network, work, *values)


async def _in(
    pool: ThreadPoolExecutor, work: Callable[..., Result], *values: Any
) -> Result:
    loop = asyncio.get_running_loop()
    return await loop.run_in_executor(pool, lambda: work(*values))


async def _wait(event: asyncio.Event, seconds: float) -> None:
    try:
        await asyncio.wait_for(event.wait(), seconds)
    except asyncio.TimeoutError:
        return
