from pathlib import Path

import pytest
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import SlotSet
from rasa.shared.core.slots import TextSlot
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig

from addons.response_generator import ClinicResponseGenerator
from documents.errors import FactsError

FACTS = """\
name: Our clinic
country: ZA
time_zone: Africa/Johannesburg
email: desk@oak.example
phone: {reception: "012 555 0142"}
hours: {summary: every day}
emergency: {countries: {ZA: {ambulance: "112"}}}
"""
DOMAIN = """\
version: "3.1"
responses:
  utter_phone:
  - text: "{clinic_name}: {clinic_phone}, or {emergency_number}."
  utter_hello:
  - text: "Hello {patient}, you wrote {words}."
  utter_card:
  - text: "Call."
    custom: {number: "{emergency_alternative}"}
  utter_reminder:
  - text: "Call {emergency_number}."
    buttons: [{title: "{clinic_name} has checked it", payload: "button:checked"}]
  - text: "Call the crisis line."
    condition: [{type: slot, name: patient, value: Ann}]
  - text: "Call somebody."
    condition: [{type: slot, name: patient, value: Ben}]
  utter_channel:
  - text: "Anywhere."
  - text: "On the website."
    channel: website
"""


@pytest.fixture
def generator(tmp_path: Path) -> ClinicResponseGenerator:
    (tmp_path / "clinic.yml").write_text(FACTS, "utf-8")
    endpoint = EndpointConfig(content_folder=str(tmp_path))
    return ClinicResponseGenerator(endpoint, Domain.from_yaml(DOMAIN))


def tracker_of(name: str) -> DialogueStateTracker:
    patient = TextSlot("patient", mappings=[{}])
    return DialogueStateTracker.from_events("ann", [SlotSet("patient", name)],
                                            slots=[patient])  # fmt: skip


@pytest.fixture
def tracker() -> DialogueStateTracker:
    return tracker_of("Ann")


async def test_fills_the_facts_of_the_clinic_into_a_response(generator, tracker):
    response = await generator.generate("utter_phone", tracker, "rest")
    assert response == {"text": "Our clinic: 012 555 0142, or 112."}


async def test_still_fills_slots_and_values_of_the_action(generator, tracker):
    response = await generator.generate("utter_hello", tracker, "rest", words="hi")
    assert response == {"text": "Hello Ann, you wrote hi."}


async def test_fills_custom_content_and_falls_back_to_the_ambulance(generator, tracker):
    response = await generator.generate("utter_card", tracker, "rest")
    assert response == {"text": "Call.", "custom": {"number": "112"}}


@pytest.mark.parametrize(
    ("channel", "text"), [("website", "On the website."), ("rest", "Anywhere.")]
)
async def test_still_prefers_the_wording_of_the_channel(
    generator, tracker, channel, text
):
    response = await generator.generate("utter_channel", tracker, channel)
    assert response["text"] == text


@pytest.mark.parametrize(
    ("name", "text"), [("Ann", "Call the crisis line."), ("Eve", "Call 112.")]
)
async def test_still_prefers_the_wording_whose_condition_holds(generator, name, text):
    tracker = tracker_of(name)
    response = await generator.generate("utter_reminder", tracker, "rest")
    assert response["text"] == text


async def test_fills_the_facts_into_buttons_too(generator):
    response = await generator.generate("utter_reminder", tracker_of("Eve"), "rest")
    button = {"title": "Our clinic has checked it", "payload": "button:checked"}
    assert response["buttons"] == [button]


async def test_a_response_is_filled_anew_each_time(generator, tracker):
    first = await generator.generate("utter_phone", tracker, "rest")
    first["text"] = "changed"
    assert (await generator.generate("utter_phone", tracker, "rest")) != first


async def test_an_unknown_response_is_none(generator, tracker):
    assert await generator.generate("utter_nothing", tracker, "rest") is None


def test_a_missing_fact_stops_the_start(tmp_path):
    (tmp_path / "clinic.yml").write_text(FACTS.replace("name: Our clinic\n", ""))

    with pytest.raises(FactsError, match="'name' is missing or empty"):
        ClinicResponseGenerator(
            EndpointConfig(content_folder=str(tmp_path)), Domain.from_yaml(DOMAIN)
        )
