from typing import Any

import pytest
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.training_data.message import Message

from addons.components.red_flag_detector import RedFlagDetector
from addons.understanding.errors import SafetyRuleError, SettingError

RULES = """\
red_flags:
  - {id: CHEST, level: emergency, condition: Chest pain, family: heart, source: NHS,
     patterns: [chest pain], unless: [chest of drawers]}
  - {id: FEVER, level: soon, condition: Fever, source: NHS, patterns: [fever]}
"""


@pytest.fixture
def create(tmp_path):
    file = tmp_path / "red_flags.yml"
    file.write_text(RULES, "utf-8")

    def created(**config: Any) -> RedFlagDetector:
        return RedFlagDetector.create(
            {"rules_file": str(file), **config},
            LocalModelStorage(tmp_path),
            Resource("red_flags"),
            ExecutionContext(GraphSchema({})),
        )

    return created


@pytest.fixture
def detector(create):
    return create()


class BrokenRules:
    """Rules that fail on every message."""

    def judge(self, text: str) -> None:
        raise ValueError(f"cannot judge {text}")


def judged(detector: RedFlagDetector, text: str | None, **data: Any) -> dict[str, Any]:
    (message,) = detector.process([Message({"text": text, **data})])
    return message.as_dict(only_output_properties=True)


def entity(name: str, value: str) -> dict[str, str]:
    return {"entity": name, "value": value, "extractor": "RedFlagDetector"}


def test_an_emergency_sets_triage_entities_and_intent(detector):
    output = judged(
        detector, "bad chest pain", intent={"name": "greet", "confidence": 0.9}
    )

    assert {key: output[key] for key in ("triage", "entities", "intent")} == {
        "triage": {
            "level": "emergency",
            "flags": [
                {
                    "id": "CHEST",
                    "level": "emergency",
                    "status": "present",
                    "start": 4,
                    "end": 14,
                    "text": "chest pain",
                    "via": "rule",
                }
            ],
        },
        "entities": [
            entity("triage_level", "emergency"),
            entity("triage_flags", "CHEST"),
            entity("emergency_family", "heart"),
        ],
        "intent": {"name": "red_flag", "confidence": 1.0},
    }


@pytest.mark.parametrize(
    ("text", "level", "intent"),
    [
        ("chest pain", "emergency", "red_flag"),
        ("fever and chest pain", "emergency", "red_flag"),
        ("I have a fever", "soon", "greet"),
        ("no chest pain", "card", "greet"),
        ("hello", "none", "greet"),
        ("", "none", "greet"),
    ],
)
def test_overrides_the_intent_only_for_an_emergency(detector, text, level, intent):
    message = Message({"text": text, "intent": {"name": "greet", "confidence": 0.9}})

    detector.process([message])

    assert message.get("triage")["level"] == level
    assert message.get("intent")["name"] == intent


@pytest.mark.parametrize(
    ("text", "entities"),
    [
        (
            "fever",
            [entity("triage_level", "soon"), entity("triage_flags", "FEVER")],
        ),
        ("no fever", [entity("triage_level", "card")]),
    ],
)
def test_flags_that_count_are_entities_for_the_slots(detector, text, entities):
    assert judged(detector, text)["entities"] == entities


def test_entities_of_other_components_are_kept(detector):
    known = entity("body_part", "chest")
    output = judged(detector, "fever", entities=[known])
    assert output["entities"][0] == known
    assert len(output["entities"]) == 3


@pytest.mark.parametrize("text", ["hello", "", None])
def test_a_harmless_message_gets_triage_and_nothing_else(detector, text):
    output = judged(detector, text)
    output.pop("text", None)
    assert output == {"triage": {"level": "none", "flags": []}}


def test_each_message_is_judged_by_itself(detector):
    texts = ["chest pain", "hello"]
    messages = detector.process([Message({"text": text}) for text in texts])
    levels = [message.get("triage")["level"] for message in messages]
    assert levels == ["emergency", "none"]


def test_a_detector_that_fails_shows_the_card(detector, monkeypatch, caplog):
    monkeypatch.setattr(detector, "_rules", BrokenRules())

    output = judged(detector, "my private words")

    assert output["triage"] == {"level": "card", "flags": []}
    assert output["entities"] == [entity("triage_level", "card")]
    assert "The red-flag detector failed" in caplog.text


@pytest.mark.issue("the text of an error may repeat the patient's words")
def test_a_detector_that_fails_does_not_log_the_message(detector, monkeypatch, caplog):
    monkeypatch.setattr(detector, "_rules", BrokenRules())

    judged(detector, "my private words")

    assert "my private words" not in caplog.text


@pytest.mark.issue("half an emoji makes spaCy raise UnicodeEncodeError")
def test_half_an_emoji_hides_no_emergency(detector):
    assert judged(detector, "chest pain \ud83d")["triage"]["level"] == "emergency"


def test_a_mistake_in_the_rules_stops_the_start(create, tmp_path):
    file = tmp_path / "bad.yml"
    file.write_text("red_flags:\n  - id: A\n", "utf-8")

    with pytest.raises(SafetyRuleError, match=f"{file}:2: "):
        create(rules_file=str(file))


def test_an_unknown_setting_is_an_error(create):
    with pytest.raises(SettingError, match="has no setting 'rule_file'"):
        create(rule_file="x")
