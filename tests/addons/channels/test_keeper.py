"""Webhooks that come at the same time cost one transaction, and fail alone."""

import asyncio
import threading

from addons.channels.keeper import Keeper
from addons.whatsapp.incoming import TEXT, Address, Delivery, Incoming
from records.errors import UnavailableError

HER = Address("ZA.1", "")


def delivery(name: str) -> Delivery:
    return Delivery((Incoming(name, HER, None, TEXT, name),))


def ids(kept: Delivery) -> list[str]:
    return [message.id for message in kept.messages]


async def test_what_comes_while_one_is_written_is_written_together():
    seen, may_go_on = [], threading.Event()

    def keep(brought):
        may_go_on.wait(5)
        seen.append(ids(brought))

    keeper = Keeper(keep)
    first = asyncio.create_task(keeper.keep(delivery("a")))
    await asyncio.sleep(0.01)
    others = [asyncio.create_task(keeper.keep(delivery(name))) for name in "bcd"]
    await asyncio.sleep(0.01)
    assert keeper.is_busy
    may_go_on.set()

    assert await asyncio.gather(first, *others) == [True] * 4
    assert seen == [["a"], ["b", "c", "d"]]
    assert not keeper.is_busy
    keeper.close()


async def test_one_that_cannot_be_stored_fails_alone():
    def keep(brought):
        if "bad" in ids(brought):
            raise UnavailableError("away")

    keeper = Keeper(keep)

    kept = await asyncio.gather(
        *(keeper.keep(delivery(name)) for name in ("a", "bad", "b"))
    )

    assert kept == [True, False, True]
    keeper.close()


async def test_a_fault_of_ours_answers_the_webhook_too():
    def keep(brought):
        raise ZeroDivisionError

    keeper = Keeper(keep)

    assert await keeper.keep(delivery("a")) is False
    assert await keeper.keep(delivery("a")) is False
    keeper.close()
