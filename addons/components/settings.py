"""Checks the settings of a component in `config.yml`."""

from typing import Any

from rasa.engine.graph import GraphComponent

from addons.understanding.errors import SettingError


def known_settings(component: GraphComponent, config: dict[str, Any]) -> dict[str, Any]:
    """Returns the settings with defaults filled in.

    Raises:
        SettingError: `config.yml` has a setting that the component does not know.
    """
    defaults = component.get_default_config()
    unknown = sorted(set(config) - set(defaults))
    if unknown:
        raise SettingError(
            f"config.yml: {type(component).__name__} has no setting '{unknown[0]}'. "
            f"Known: {', '.join(defaults)}. Correct or delete it."
        )
    return {**defaults, **config}
