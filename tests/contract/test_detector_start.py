"""The red-flag detector at its start: the shipped files, and what if one is missing."""

import logging
import shutil
from typing import Any

import pytest
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.training_data.message import Message
from ruamel.yaml import YAML

from addons.components.red_flag_detector import RedFlagDetector
from addons.safety.network import GRAPH_FILE
from addons.safety.phrases import HEADER
from addons.understanding.encoder import ENCODER_FOLDER, TOKENIZER_FILE
from addons.understanding.errors import SafetyRuleError, SettingError
from tests.contract.responses import ALWAYS_KNOWN as KNOWN
from tests.contract.responses import RESPONSES, ROOT, payloads, placeholders

HARMLESS, EMERGENCY = "hello, how much is a visit?", "I have chest pain"
# One rule, so that the start is quick; the network knows its flag.
RULE = """\
red_flags:
  - {id: CARDIAC, level: emergency, condition: Chest pain, source: NHS,
     patterns: [chest pain]}
"""
ALWAYS, NEVER = {"emergency": -100}, {"check": 99, "soon": 99, "urgent": 99,
                                      "emergency": 99}  # fmt: skip
LOGGER = "addons.components.red_flag_detector"


@pytest.fixture
def create(tmp_path):
    def created(**config: Any) -> RedFlagDetector:
        return RedFlagDetector.create(
            config,
            LocalModelStorage(tmp_path),
            Resource("red_flags"),
            ExecutionContext(GraphSchema({})),
        )

    return created


@pytest.fixture
def safety_folder(write):
    """Returns the shipped folder with one rule only."""
    write("safety/phrases.tsv", f"{HEADER}\n")
    folder = write("safety/red_flags/all.yml", RULE).parents[1]
    for name in ("answers.yml", "context.yml"):
        shutil.copy(ROOT / "data/safety" / name, folder)
    return folder


def triage(detector: RedFlagDetector, text: str) -> dict[str, Any]:
    (message,) = detector.process([Message({"text": text})])
    return message.get("triage")


def settings_of_the_project() -> dict[str, Any]:
    detector = YAML(typ="safe").load(ROOT / "config.yml")["pipeline"][-1]
    return {name: value for name, value in detector.items() if name != "name"}


def test_starts_with_the_settings_of_the_project(create, caplog):
    detector = create(**settings_of_the_project())

    assert caplog.record_tuples == []
    assert triage(detector, EMERGENCY)["level"] == "emergency"
    assert triage(detector, HARMLESS) == {"level": "none", "flags": []}


def test_no_button_that_is_tapped_raises_a_flag(create, shipped):
    detector = create(**settings_of_the_project())
    sections = [section.address for section in shipped.sections]
    fixed = {p for n in RESPONSES if placeholders(n) <= KNOWN for p in payloads(n)}
    tapped = {*fixed, *(f"button:section:{address}" for address in sections)}

    levels = {payload: triage(detector, payload)["level"] for payload in tapped}

    assert {payload for payload, level in levels.items() if level != "none"} == set()


def test_the_network_raises_what_no_rule_knows(create, safety_folder):
    detector = create(safety_folder=str(safety_folder), thresholds=ALWAYS)

    (flag,) = triage(detector, HARMLESS)["flags"]

    assert (flag["id"], flag["level"], flag["via"]) == ("CARDIAC", "emergency", "model")
    assert (flag["start"], flag["end"]) == (0, len(HARMLESS))


@pytest.mark.parametrize(("thresholds", "level"), [({}, "emergency"), (NEVER, "none")])
def test_the_thresholds_decide_when_the_network_speaks(
    create, safety_folder, thresholds, level
):
    detector = create(safety_folder=str(safety_folder), thresholds=thresholds)

    assert triage(detector, "my chest feels crushed")["level"] == level


@pytest.mark.parametrize("missing", [GRAPH_FILE, TOKENIZER_FILE, "network.npz"])
def test_without_the_network_rules_judge_alone_and_the_operator_is_told(
    create, safety_folder, tmp_path, caplog, missing
):
    files = [ENCODER_FOLDER / GRAPH_FILE, ENCODER_FOLDER / TOKENIZER_FILE]
    for file in (*files, ROOT / "data/safety/network.npz"):
        if file.name != missing:
            (tmp_path / file.name).symlink_to(file.resolve())

    detector = create(
        safety_folder=str(safety_folder),
        encoder_folder=str(tmp_path),
        network_file=str(tmp_path / "network.npz"),
        thresholds=ALWAYS,
    )

    ((logger, level, text),) = caplog.record_tuples
    assert (logger, level) == (LOGGER, logging.CRITICAL)
    assert "run `make" in text
    assert "red flags are noticed by rules alone" in text
    assert triage(detector, HARMLESS)["level"] == "none"
    assert {f["via"] for f in triage(detector, EMERGENCY)["flags"]} == {"rule"}


@pytest.mark.parametrize(
    "missing",
    [
        "red_flags",
        "answers.yml",
        "context.yml",
        "phrases.tsv",
    ],
)
def test_a_missing_clinical_file_stops_the_start(create, safety_folder, missing):
    (safety_folder / missing).rename(safety_folder / "elsewhere")

    with pytest.raises(SafetyRuleError, match=missing):
        create(safety_folder=str(safety_folder), network_file="missing.npz")


@pytest.mark.parametrize(
    ("thresholds", "message"),
    [
        ({"loud": 1}, "thresholds has no setting 'loud'"),
        ({"quiet": "low"}, "'quiet' is 'low', but must be a number of -100 or more"),
        ({"urgent": -101}, "'urgent' is '-101', but must be a number of -100 or more"),
        (None, "thresholds must hold settings"),
    ],
)
def test_thresholds_that_cannot_be_read_stop_the_start(create, thresholds, message):
    with pytest.raises(SettingError, match=message):
        create(thresholds=thresholds)
