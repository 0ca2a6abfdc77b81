"""Policy component: what a red flag, an open question or the safety check leads to."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rasa.core.policies.policy import Policy, PolicyPrediction, SupportedData
from rasa.engine.graph import ExecutionContext
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, Event, SlotSet, UserUttered
from rasa.shared.core.generator import TrackerWithCachedStates
from rasa.shared.core.trackers import DialogueStateTracker

from addons.components.desk_slots import before_message, desk_is_open
from addons.components.heard_message import heard_of, intent_of
from addons.safety.asks import read_asks
from addons.safety.desk import then_resume
from addons.safety.detector import SAFETY_FOLDER
from addons.safety.heard import Heard, Turn
from addons.safety.read_rules import read_rules
from addons.safety.screening import read_screening
from addons.safety.state import SafetyState
from addons.safety.turns import TurnPlanner

# Above RulePolicy, so that danger comes before everything else.
PRIORITY = 10
STATE = "safety"
LISTEN: str = ACTION_LISTEN_NAME
# The intent of a message that the detector finds to be an emergency.
RED_FLAG = "red_flag"


@DefaultV1Recipe.register(
    DefaultV1Recipe.ComponentType.POLICY_WITHOUT_END_TO_END_SUPPORT, is_trainable=True
)
class RedFlagPolicy(Policy):
    """Predicts the safety actions of a turn; leaves all else to the rules.

    It works in the Rasa server: what it sends needs no action server. The turn is
    planned at the first prediction after a message, and kept in the slot `safety`.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Every setting, with its default, that `config.yml` may override."""
        return {"priority": PRIORITY, "safety_folder": str(SAFETY_FOLDER)}

    @staticmethod
    def supported_data() -> SupportedData:
        """It reads clinical rules, not Rasa's."""
        return SupportedData.RULE_DATA

    def __init__(
        self,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> None:
        super().__init__(config, model_storage, resource, execution_context)
        folder = Path(config["safety_folder"])
        book = read_rules(folder / "red_flags")
        screening = read_screening(book, folder / "screening.yml")
        asks = read_asks(book, folder / "asks.yml")
        self._planner = TurnPlanner(book, screening, asks)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> RedFlagPolicy:
        """Reads the rules anew: nothing is learned."""
        return cls(config, model_storage, resource, execution_context)

    def train(
        self,
        training_trackers: list[TrackerWithCachedStates],
        domain: Domain,
        **kwargs: Any,
    ) -> Resource:
        """Learns nothing."""
        return self._resource

    def predict_action_probabilities(
        self,
        tracker: DialogueStateTracker,
        domain: Domain,
        rule_only_data: dict[str, Any] | None = None,
        **kwargs: Any,
    ) -> PolicyPrediction:
        """Predicts the next safety action of this turn, or nothing."""
        done = actions_of_turn(tracker)
        if done is None:
            return self._nothing(domain)
        if done or _is_planned(tracker):
            state = SafetyState.from_slot(tracker.get_slot(STATE))
            return self._predict(_next_action(state, done), domain, [])
        before = SafetyState.from_slot(tracker.get_slot(STATE))
        channel = tracker.get_latest_input_channel()
        heard = heard_of(tracker, channel or "")
        level, noise = _level(tracker, heard)
        turn = self._planner.plan(before, heard, level)
        if desk_is_open(tracker):
            turn = then_resume(turn, level)
        events = [*noise, *_kept(tracker, turn), *_events(turn, channel)]
        return self._predict(_next_action(turn.state, []), domain, events)

    def _predict(
        self, action: str | None, domain: Domain, events: list[Event]
    ) -> PolicyPrediction:
        if action is None:
            return self._prediction(self._default_predictions(domain), events=events)
        chances = self._default_predictions(domain)
        chances[domain.index_for_action(action)] = 1.0
        # "No user prediction" goes before those of RulePolicy inside a form.
        return self._prediction(chances, events=events, is_no_user_prediction=True)

    def _nothing(self, domain: Domain) -> PolicyPrediction:
        return self._prediction(self._default_predictions(domain))


def actions_of_turn(tracker: DialogueStateTracker) -> list[str] | None:
    """Returns the actions since the latest message; None before any message."""
    done: list[str] = []
    for event in reversed(tracker.applied_events()):
        if isinstance(event, UserUttered):
            return done[::-1]
        if isinstance(event, ActionExecuted) and event.action_name:
            done.append(event.action_name)
    return None


def _is_planned(tracker: DialogueStateTracker) -> bool:
    """Says whether this turn was planned: a form may reject the message after that."""
    for event in reversed(tracker.events):
        if isinstance(event, UserUttered):
            return False
        if isinstance(event, SlotSet) and event.key == STATE:
            return True
    return False


def _next_action(state: SafetyState, done: list[str]) -> str | None:
    """Returns what comes after the actions that are done; None leaves it to the rules.

    First `before`; then the normal reply, one action, unless it is replaced; then
    `after`; then the assistant listens.
    """
    if len(done) < len(state.before):
        return state.before[len(done)]
    if state.replaces:
        return LISTEN
    normal = done[len(state.before) :]
    if not state.after or not normal:
        return None
    added = len(normal) - 1
    return state.after[added] if added < len(state.after) else LISTEN


def _level(tracker: DialogueStateTracker, heard: Heard) -> tuple[str, list[Event]]:
    """Returns the level, and what takes back a level that a name or day has raised.

    Rasa has filled the slots from the message already.
    """
    is_noise = heard.plain_answer and all(map(heard.makes_noise, heard.flags))
    if not (heard.flags and is_noise):
        return tracker.get_slot("triage_level") or "none", []
    level: str = before_message(tracker, "triage_level") or "none"
    flags = before_message(tracker, "triage_flags") or []
    return level, [
        SlotSet("triage_level", "none"),
        SlotSet("triage_level", level),
        SlotSet("triage_flags", []),
        SlotSet("triage_flags", flags),
    ]


def _kept(tracker: DialogueStateTracker, turn: Turn) -> list[Event]:
    """Keeps what raised the alarm, if a message looked like another and was none."""
    if turn.words or intent_of(tracker) != RED_FLAG:
        return []
    names = ("patient_words", "emergency_family")
    return [SlotSet(name, before_message(tracker, name)) for name in names]


def _events(turn: Turn, channel: str | None) -> list[Event]:
    events: list[Event] = []
    if turn.cleared:
        events += [SlotSet("triage_level", "none"), SlotSet("triage_flags", [])]
    events.append(SlotSet(STATE, turn.state.to_slot()))
    if turn.level != "none":
        events.append(SlotSet("triage_level", turn.level))
    if turn.flags:
        events.append(SlotSet("triage_flags", list(turn.flags)))
    if turn.family:
        events.append(SlotSet("emergency_family", turn.family))
    if turn.words:
        events.append(SlotSet("patient_words", turn.words))
    if turn.escalation:
        note = {**turn.escalation.to_slot(), "channel": channel or ""}
        events.append(SlotSet("escalation", note))
    return events
