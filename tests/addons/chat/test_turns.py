import asyncio

import pytest

from addons.chat.errors import BusyError
from addons.chat.turns import Slots, Turns


async def test_a_conversation_is_served_in_order_one_at_a_time():
    turns, done = Turns(), []

    async def speak(number: int) -> None:
        async with turns.of("ann"):
            done.append(f"begin {number}")
            await asyncio.sleep(0)
            done.append(f"end {number}")

    await asyncio.gather(*(speak(number) for number in range(3)))

    assert done == ["begin 0", "end 0", "begin 1", "end 1", "begin 2", "end 2"]


async def test_conversations_do_not_wait_for_each_other():
    turns = Turns()

    async def ben_speaks() -> None:
        async with turns.of("ben"):
            assert turns.waiting("ann") == turns.waiting("ben") == 1

    async with turns.of("ann"):
        await asyncio.wait_for(ben_speaks(), 1)


async def test_a_message_that_fails_lets_the_next_one_in_and_leaves_nothing():
    turns = Turns()

    with pytest.raises(ConnectionError):
        async with turns.of("ann"):
            raise ConnectionError
    async with turns.of("ann"):
        assert turns.waiting("ann") == 1

    assert turns.waiting("ann") == 0
    assert turns._lines == {}


async def test_who_finds_no_slot_in_time_is_told_and_others_go_on():
    slots = Slots(2, patience=0.02)

    async with slots.one(), slots.one():
        with pytest.raises(BusyError):
            async with slots.one():
                raise AssertionError
    async with slots.one(), slots.one():
        pass


async def test_a_slot_comes_back_after_a_failure():
    slots = Slots(1, patience=0.02)
    with pytest.raises(ConnectionError):
        async with slots.one():
            raise ConnectionError

    async with slots.one():
        pass
