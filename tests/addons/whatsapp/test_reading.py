"""Whatever Meta or Twilio post: it is read, or left alone; nothing raises."""

import copy
import json
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from addons.whatsapp import meta_webhook, twilio_webhook
from addons.whatsapp.incoming import Address, Delivery, Renamed
from addons.whatsapp.verdicts import (
    ALERT,
    BACK_OFF,
    REFUSED,
    RETRY,
    WINDOW,
    meta_verdict,
    pause,
    twilio_verdict,
)
from tests.standins.graph import APP_SECRET, signature
from tests.standins.payloads import PHONE_NUMBER_ID, Person, every_kind

HER = Person()
LEAVES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=20),
    st.sampled_from(["text", "edit", "system", "messages", "1", "wamid.1"]),
)
NONSENSE = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.sampled_from(["id", "type", "text", "body", "from", "x"]), inner
        ),
    ),
    max_leaves=8,
)


def places(tree, path=()):
    """Returns the paths of everything inside a tree."""
    found = [path]
    if isinstance(tree, dict):
        for key, value in tree.items():
            found += places(value, (*path, key))
    if isinstance(tree, list):
        for number, value in enumerate(tree):
            found += places(value, (*path, number))
    return found


def replaced(tree, path, value):
    if not path:
        return value
    made = copy.deepcopy(tree)
    inner = made
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = value
    return made


@st.composite
def malformed(draw):
    kinds = every_kind(HER)
    tree = HER.sends(kinds[draw(st.sampled_from(sorted(kinds)))])
    for _ in range(draw(st.integers(1, 3))):
        path = draw(st.sampled_from(places(tree)))
        tree = replaced(tree, path, draw(NONSENSE))
    return tree


@settings(max_examples=1000, deadline=None, suppress_health_check=list(HealthCheck))
@given(malformed())
def test_any_json_is_read_or_left_alone(tree):
    found = meta_webhook.read(json.dumps(tree).encode(), PHONE_NUMBER_ID)

    assert found is None or isinstance(found, Delivery)
    for message in found.messages if found else ():
        assert message.sender.name
        assert message.id
        assert message.text or message.kind != "text"


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_left_alone(body):
    assert meta_webhook.read(body, PHONE_NUMBER_ID) is None


def test_json_without_end_is_no_trouble():
    assert meta_webhook.read(b"[" * 100_000, PHONE_NUMBER_ID) is None


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=50), st.one_of(st.none(), st.text(max_size=80)))
def test_nobody_guesses_a_signature(body, header):
    assert not meta_webhook.is_signed(body, header, "the secret")
    assert meta_webhook.is_signed(body, signature(body), APP_SECRET)


@settings(max_examples=500, deadline=None)
@given(
    st.dictionaries(
        st.sampled_from(
            ["From", "To", "MessageSid", "Body", "NumMedia", "MediaContentType0",
             "Latitude", "Longitude", "MessageStatus", "ErrorCode", "ButtonPayload"]
        ),
        st.one_of(st.text(max_size=30), st.sampled_from(["whatsapp:+27825550199"])),
    )
)  # fmt: skip
def test_any_form_is_read_or_left_alone(form):
    assert isinstance(twilio_webhook.read(form, "+27125550143"), Delivery)
    assert isinstance(twilio_webhook.read_status(form, "reply:1"), Delivery)


def test_a_changed_number_is_told_with_both_ends():
    row = every_kind(HER)["system"]

    found = meta_webhook.read(json.dumps(HER.sends(row)).encode(), PHONE_NUMBER_ID)

    before, after = Address("", "+27825550199"), Address("ZA.2203", "+27825550100")
    assert found.renamed == (Renamed(before, after),)


@pytest.mark.parametrize(
    ("code", "status", "verdict"),
    [
        ("131047", 400, WINDOW),
        ("130429", 429, BACK_OFF),
        ("131056", 400, BACK_OFF),
        ("131048", 400, BACK_OFF),
        ("80007", 400, BACK_OFF),
        ("131000", 500, RETRY),
        ("131016", 503, RETRY),
        ("190", 401, ALERT),
        ("10", 403, ALERT),
        ("200", 403, ALERT),
        ("299", 403, ALERT),
        ("131026", 400, REFUSED),
        ("100", 400, REFUSED),
        ("999999", 400, REFUSED),
        ("999999", 429, BACK_OFF),
        ("999999", 503, RETRY),
        ("x", 401, ALERT),
    ],
)
def test_each_code_of_meta_has_its_consequence(code, status, verdict):
    assert meta_verdict(code, status) == verdict


@pytest.mark.parametrize(
    ("code", "status", "verdict"),
    [
        ("63016", 400, WINDOW),
        ("63018", 429, BACK_OFF),
        ("20003", 401, ALERT),
        ("20503", 503, RETRY),
        ("21211", 400, REFUSED),
    ],
)
def test_each_code_of_twilio_has_its_consequence(code, status, verdict):
    assert twilio_verdict(code, status) == verdict


def test_pauses_grow_and_end():
    waits = [pause(BACK_OFF, attempt) for attempt in range(1, 7)]

    assert waits[:4] == [timedelta(seconds=4**n) for n in range(1, 5)]
    assert waits[-1] == timedelta(minutes=5)
    assert pause(RETRY, 1) == timedelta(seconds=1)
    assert pause(RETRY, 10_000) == timedelta(minutes=1)
    assert pause(REFUSED, 1) is None
    assert pause(WINDOW, 1) is None
