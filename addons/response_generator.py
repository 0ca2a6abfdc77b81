"""Fills the clinic's facts, such as `{clinic_phone}`, into every response."""

from pathlib import Path
from typing import Any

from rasa.core.nlg.response import TemplatedNaturalLanguageGenerator
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig

from documents.facts import Facts
from documents.library import CLINIC_FOLDER


class ClinicResponseGenerator(TemplatedNaturalLanguageGenerator):
    """Rasa's own generator, with the facts of `clinic.yml` at hand.

    Named in endpoints.yml. It works in the Rasa server, so an emergency response has
    its numbers also when the action server is down.
    """

    def __init__(self, endpoint_config: EndpointConfig, domain: Domain) -> None:
        super().__init__(domain.responses)
        folder = Path(endpoint_config.kwargs.get("content_folder", CLINIC_FOLDER))
        self._facts = Facts.from_file(folder / "clinic.yml").for_responses()

    async def generate(
        self,
        utter_action: str,
        tracker: DialogueStateTracker,
        output_channel: str,
        **kwargs: Any,
    ) -> dict[str, Any] | None:
        """Returns a response with slots, facts and values filled in."""
        values = {**self._facts, **kwargs}
        filled: dict[str, Any] | None = await super().generate(
            utter_action, tracker, output_channel, **values
        )
        return filled
