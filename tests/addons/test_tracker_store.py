from copy import deepcopy
from typing import Any

import pytest
from rasa.core.tracker_store import FailSafeTrackerStore, TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    Event,
    SessionStarted,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.slots import AnySlot
from rasa.shared.core.trackers import DialogueStateTracker

from addons.tracker_store import ClinicTrackerStore

DOMAIN = Domain([], [], [AnySlot("mood", [{"type": "custom"}])], {}, [], {}, {})
GREETING = (ActionExecuted("action_listen"), UserUttered("hello"))


class Recorder:
    """A broker that remembers what it was given."""

    def __init__(self) -> None:
        self.events: list[dict[str, Any]] = []

    def publish(self, event: dict[str, Any]) -> None:
        self.events.append(event)


@pytest.fixture
def broker() -> Recorder:
    return Recorder()


@pytest.fixture
def store(tmp_path, broker) -> ClinicTrackerStore:
    return ClinicTrackerStore(DOMAIN, db=f"{tmp_path}/chats.db", event_broker=broker)


async def add(
    store: TrackerStore, *events: Event, sender: str = "patient-1"
) -> DialogueStateTracker:
    """Adds events to a conversation like Rasa: reads it, goes on, saves it."""
    tracker = await store.get_or_create_tracker(sender, append_action_listen=False)
    tracker.update_with_events(deepcopy(list(events)), DOMAIN)
    await store.save(tracker)
    return tracker


def published(events: list[Event], sender: str = "patient-1") -> list[dict[str, Any]]:
    return [{"sender_id": sender, **event.as_dict()} for event in events]


async def test_events_are_published_once_each_in_order_over_several_saves(
    store, broker
):
    await add(store, *GREETING)
    await add(store)
    await add(store, SlotSet("mood", "good"))
    tracker = await add(store, ActionExecuted("utter_hello"), UserUttered("bye"))

    assert broker.events == published(tracker.events)
    assert [event["event"] for event in broker.events] == [
        "action",
        "user",
        "slot",
        "action",
        "user",
    ]


async def test_one_tracker_that_is_saved_again_publishes_only_what_is_new(
    store, broker
):
    tracker = await add(store, *GREETING)
    tracker.update(SlotSet("mood", "good"))
    await store.save(tracker)
    await store.save(tracker)

    assert broker.events == published(tracker.events)


async def test_an_event_that_is_repeated_is_published_again(store, broker):
    await add(store, SlotSet("mood", "good"))
    tracker = await add(store, SlotSet("mood", "good"))
    assert len(broker.events) == 2
    assert broker.events == published(tracker.events)


async def test_conversations_do_not_mix(store, broker):
    one = await add(store, *GREETING, sender="patient-1")
    two = await add(store, *GREETING, sender="patient-2")
    expected = published(one.events) + published(two.events, "patient-2")
    assert broker.events == expected


async def test_events_are_published_even_if_the_database_is_away(store, broker):
    store.Base.metadata.drop_all(store.engine)
    tracker = await add(FailSafeTrackerStore(store), *GREETING)
    assert broker.events == published(tracker.events)


async def test_a_new_session_is_published_from_its_beginning(store, broker):
    await add(store, *GREETING)
    session = (ActionExecuted("action_session_start"), SessionStarted(), *GREETING)
    await add(store, *session)
    tracker = await add(store, SlotSet("mood", "good"))

    names = [event["event"] for event in broker.events]
    assert names == [
        "action",
        "user",
        "action",
        "session_started",
        "action",
        "user",
        "slot",
    ]
    assert tracker.events[-1].as_dict().items() <= broker.events[-1].items()


async def test_what_is_published_is_stored_too(store, broker):
    await add(store, *GREETING)
    tracker = await store.retrieve("patient-1")
    assert published(tracker.events) == broker.events


async def test_without_a_broker_events_are_only_stored(tmp_path):
    store = ClinicTrackerStore(DOMAIN, db=f"{tmp_path}/chats.db")
    tracker = await add(store, *GREETING)
    assert list((await store.retrieve("patient-1")).events) == list(tracker.events)
