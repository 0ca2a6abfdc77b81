"""Repairs two slow spots of Rasa 3.6.21 that every turn pays for.

Measured in docs/decisions/0003-rasa-speedups.md. Both keep Rasa's behaviour.
"""

from functools import lru_cache
from typing import Any

import jsonschema
import rasa.shared.core.events
import rasa.shared.utils.common
from rasa.core.actions.action import RemoteAction


def apply_speedups() -> None:
    """Replaces both functions; safe to call more than once."""
    RemoteAction._validate_action_result = _validate_action_result
    original = rasa.shared.utils.common.all_subclasses
    if not hasattr(original, "cache_info"):
        cached = lru_cache(maxsize=None)(original)
        rasa.shared.utils.common.all_subclasses = cached


@lru_cache(maxsize=1)
def _reply_validator() -> Any:
    """Returns the compiled schema; Rasa compiles it anew for each action call."""
    schema = RemoteAction.action_response_format_spec()
    kind = jsonschema.validators.validator_for(schema)
    return kind(schema)


def _validate_action_result(self: RemoteAction, result: dict[str, Any]) -> bool:
    """Raises `jsonschema.ValidationError` for a reply that Rasa could not read."""
    _reply_validator().validate(result)
    return True
