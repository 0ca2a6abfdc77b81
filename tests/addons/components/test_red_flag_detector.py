import shutil
from dataclasses import asdict
from typing import Any

import pytest
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.training_data.message import Message

from addons.components.red_flag_detector import RedFlagDetector
from addons.safety.answers import Reply
from addons.safety.phrases import HEADER
from addons.safety.triage import Flag, Triage
from addons.understanding.errors import SafetyRuleError, SettingError

RULES = """\
red_flags:
  - {id: CARDIAC, level: emergency, condition: Chest pain, family: heart, source: NHS,
     patterns: [chest pain], unless: [chest of drawers]}
  - {id: FEVER, level: soon, condition: Fever, source: NHS, patterns: [fever]}
signs:
  - {sign: spine_pain, meaning: Pain in the back, patterns: [sore back]}
"""


@pytest.fixture
def create(tmp_path, write, root):
    write("safety/phrases.tsv", f"{HEADER}\n")
    folder = write("safety/red_flags/all.yml", RULES).parents[1]
    for name in ("answers.yml", "context.yml"):
        shutil.copy(root / "data/safety" / name, folder)
    rules_alone = str(tmp_path / "missing.npz")

    def created(**config: Any) -> RedFlagDetector:
        return RedFlagDetector.create(
            {"safety_folder": str(folder), "network_file": rules_alone, **config},
            LocalModelStorage(tmp_path),
            Resource("red_flags"),
            ExecutionContext(GraphSchema({})),
        )

    return created


@pytest.fixture
def detector(create):
    return create()


def fails(text: str) -> Triage:
    raise ValueError(f"cannot judge {text}")


@pytest.fixture
def rules_alone(detector, monkeypatch):
    monkeypatch.setattr(detector._judge, "judge", fails)


@pytest.fixture
def nothing_works(detector, monkeypatch, rules_alone):
    monkeypatch.setattr(detector._judge, "judge_by_rules", fails)


def judged(detector: RedFlagDetector, text: str | None, **data: Any) -> dict[str, Any]:
    (message,) = detector.process([Message({"text": text, **data})])
    return message.as_dict(only_output_properties=True)


def entity(name: str, value: str) -> dict[str, str]:
    return {"entity": name, "value": value, "extractor": "RedFlagDetector"}


def test_an_emergency_sets_triage_entities_and_intent(detector):
    intent = {"name": "greet", "confidence": 0.9}
    output = judged(detector, "bad chest pain", intent=intent)

    assert {key: output[key] for key in ("triage", "entities", "intent")} == {
        "triage": {
            "level": "emergency",
            "flags": [
                {
                    "id": "CARDIAC",
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
            entity("triage_flags", "CARDIAC"),
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
    output = judged(detector, text, intent={"name": "greet", "confidence": 0.9})

    assert output["triage"]["level"] == level
    assert output.get("intent", {"name": "greet"})["name"] == intent


@pytest.mark.parametrize(
    ("text", "entities"),
    [
        ("fever", [entity("triage_level", "soon"), entity("triage_flags", "FEVER")]),
        ("no fever", [entity("triage_level", "card")]),
    ],
)
def test_flags_that_count_are_entities_for_the_slots(detector, text, entities):
    assert judged(detector, text)["entities"] == entities


def test_the_family_of_the_gravest_flag_is_an_entity(detector, monkeypatch):
    flags = [
        Flag(family, level, "present", 0, 1, "x", "rule", family)
        for family, level in (("crisis", "urgent"), ("injury", "emergency"))
    ]
    triage = Triage("emergency", tuple(flags))
    monkeypatch.setattr(detector._judge, "judge", lambda text: triage)

    assert judged(detector, "hm")["entities"] == [
        entity("triage_level", "emergency"),
        entity("triage_flags", "injury"),
        entity("triage_flags", "crisis"),
        entity("emergency_family", "injury"),
    ]


def test_entities_of_other_components_are_kept(detector):
    known = entity("body_part", "chest")
    entities = judged(detector, "no fever", entities=[known])["entities"]
    assert entities == [known, entity("triage_level", "card")]


@pytest.mark.parametrize("text", ["hello", "", None])
def test_a_harmless_message_gets_empty_findings(detector, text):
    output = judged(detector, text)
    output.pop("text", None)
    assert output == {
        "triage": {"level": "none", "flags": []},
        "signs": [],
        "about_other": False,
        "reply": asdict(Reply()),
    }


@pytest.mark.parametrize(
    ("text", "signs"), [("sore back and a fever", ["spine_pain"]), ("fever", [])]
)
def test_signs_are_put_out_beside_the_flags(detector, text, signs):
    assert judged(detector, text)["signs"] == signs


@pytest.mark.parametrize(
    ("text", "reply"),
    [
        ("yes", Reply("yes")),
        ("No.", Reply("no")),
        ("not sure", Reply("unsure")),
        ("sorry, yes", Reply("yes", changed_to_yes=True)),
        ("stop", Reply(stop=True)),
        ("chest pain, yes", Reply()),
    ],
)
def test_the_answer_at_the_beginning_is_put_out(detector, text, reply):
    assert judged(detector, text)["reply"] == asdict(reply)


def test_a_tapped_button_is_no_word_of_the_patient(detector):
    assert judged(detector, "button:fever")["triage"]["level"] == "none"


@pytest.mark.parametrize("about_other", [True, False])
def test_whose_danger_it_is_is_put_out(detector, monkeypatch, about_other):
    triage = Triage("none", about_other=about_other)
    monkeypatch.setattr(detector._judge, "judge", lambda text: triage)

    assert judged(detector, "hm")["about_other"] is about_other


def test_each_message_is_judged_by_itself(detector):
    texts = ["chest pain", "sore back", "yes"]
    messages = detector.process([Message({"text": text}) for text in texts])
    assert [m.get("triage")["level"] for m in messages] == ["emergency", "none", "none"]
    assert [m.get("signs") for m in messages] == [[], ["spine_pain"], []]


@pytest.mark.usefixtures("rules_alone")
def test_if_the_network_fails_rules_judge_alone(detector, caplog):
    triage = judged(detector, "chest pain")["triage"]

    assert (triage["level"], "failed" in triage) == ("emergency", False)
    assert "The red-flag detector failed with ValueError" in caplog.text


@pytest.mark.usefixtures("nothing_works")
def test_a_judge_that_fails_shows_the_card(detector):
    output = judged(detector, "yes, my private words")

    assert output["triage"] == {"level": "card", "flags": [], "failed": True}
    assert output["entities"] == [entity("triage_level", "card")]
    assert (output["signs"], output["about_other"]) == ([], False)
    assert output["reply"]["answer"] == "yes"


@pytest.mark.issue("the text of an error may repeat the patient's words")
@pytest.mark.usefixtures("nothing_works")
def test_a_judge_that_fails_does_not_log_the_message(detector, caplog):
    judged(detector, "my private words")

    assert "The red-flag detector failed with ValueError" in caplog.text
    assert "my private words" not in caplog.text


@pytest.mark.issue("half an emoji makes spaCy raise UnicodeEncodeError")
def test_half_an_emoji_hides_no_emergency(detector):
    assert judged(detector, "chest pain \ud83d")["triage"]["level"] == "emergency"


def test_a_mistake_in_the_rules_stops_the_start(create, write):
    file = write("safety/red_flags/bad.yml", "red_flags:\n  - id: A\n")
    with pytest.raises(SafetyRuleError, match=f"{file}:2: "):
        create()


def test_an_unknown_setting_is_an_error(create):
    with pytest.raises(SettingError, match="has no setting 'rules_file'"):
        create(rules_file="x")
