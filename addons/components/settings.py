"""Checks the settings of a component in `config.yml`."""

from typing import Any, TypeVar

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


Group = TypeVar("Group")


def read_group(
    kind: type[Group], name: str, values: dict[str, Any], *, least: float = 0.0
) -> Group:
    """Returns a group of numbers in `config.yml`, such as the thresholds.

    Raises:
        SettingError: a name is unknown, or a value is not a number of `least` or more.
    """
    if not isinstance(values, dict):
        raise SettingError(f"config.yml: {name} must hold settings, one a line.")
    known = list(kind.__dataclass_fields__)  # type: ignore[attr-defined]
    for key, value in values.items():
        if key not in known:
            raise SettingError(
                f"config.yml: {name} has no setting '{key}'. Known: {', '.join(known)}."
            )
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        if not is_number or not value >= least:
            raise SettingError(
                f"config.yml: {name}: '{key}' is '{value}', but must be a number of "
                f"{least:g} or more."
            )
    return kind(**values)
