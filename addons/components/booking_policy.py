"""Policy component: hands messages to the desk while it waits for an answer."""

from __future__ import annotations

from typing import Any

from rasa.core.policies.policy import Policy, PolicyPrediction, SupportedData
from rasa.engine.graph import ExecutionContext
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import SlotSet
from rasa.shared.core.generator import TrackerWithCachedStates
from rasa.shared.core.trackers import DialogueStateTracker

from addons.components.desk_slots import ACTION, WISH, desk_is_open, wish_of
from addons.components.red_flag_policy import actions_of_turn

# Below RedFlagPolicy, above RulePolicy.
PRIORITY = 9


@DefaultV1Recipe.register(
    DefaultV1Recipe.ComponentType.POLICY_WITHOUT_END_TO_END_SUPPORT, is_trainable=True
)
class BookingPolicy(Policy):
    """Predicts `action_book` for what the desk is asked, and for all it waits for.

    Every message goes there while a booking is open, whatever its intent: a name or
    "the day after" has none. The desk itself lets the articles answer a question.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Every setting, with its default, that `config.yml` may override."""
        return {"priority": PRIORITY}

    @staticmethod
    def supported_data() -> SupportedData:
        """It learns from no story and no rule."""
        return SupportedData.RULE_DATA

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> BookingPolicy:
        """Loads nothing."""
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
        """Predicts the desk's action once a turn, then that the assistant listens."""
        done = actions_of_turn(tracker)
        if done is None or (done and ACTION not in done):
            return self._prediction(self._default_predictions(domain))
        if done:
            return self._certain(ACTION_LISTEN_NAME, domain)
        wish = wish_of(tracker)
        if not (wish or desk_is_open(tracker)):
            return self._prediction(self._default_predictions(domain))
        return self._certain(ACTION, domain, SlotSet(WISH, wish))

    def _certain(
        self, action: str, domain: Domain, *events: SlotSet
    ) -> PolicyPrediction:
        chances = self._default_predictions(domain)
        chances[domain.index_for_action(action)] = 1.0
        return self._prediction(
            chances, optional_events=list(events), is_no_user_prediction=True
        )
