from dataclasses import dataclass

import pytest
from rasa.engine.graph import GraphComponent

from addons.components.settings import known_settings, read_group
from addons.understanding.errors import SettingError


class Cook(GraphComponent):
    """A component with two settings."""

    @classmethod
    def create(cls, config, model_storage, resource, execution_context):
        return cls()

    @staticmethod
    def get_default_config():
        return {"salt": 1, "pepper": 2}


@pytest.mark.parametrize(
    ("config", "settings"),
    [
        ({}, {"salt": 1, "pepper": 2}),
        ({"salt": 5}, {"salt": 5, "pepper": 2}),
        ({"salt": None}, {"salt": None, "pepper": 2}),
    ],
)
def test_fills_in_the_defaults(config, settings):
    assert known_settings(Cook(), config) == settings


@pytest.mark.parametrize("config", [{"slat": 1}, {"salt": 1, "Pepper": 2}])
def test_an_unknown_setting_names_component_and_known_ones(config):
    unknown = (set(config) - {"salt"}).pop()

    with pytest.raises(SettingError) as caught:
        known_settings(Cook(), config)

    assert str(caught.value) == (
        f"config.yml: Cook has no setting '{unknown}'. Known: salt, pepper. "
        "Correct or delete it."
    )


@dataclass(frozen=True)
class Spices:
    """A group of two settings."""

    salt: float = 1.0
    pepper: float = 2.0


@pytest.mark.parametrize(
    ("values", "group"),
    [
        ({}, Spices()),
        ({"salt": 0}, Spices(salt=0)),
        ({"pepper": 0.5, "salt": 3}, Spices(3, 0.5)),
    ],
)
def test_reads_a_group_and_fills_in_its_defaults(values, group):
    assert read_group(Spices, "spices", values) == group


@pytest.mark.parametrize("value", ["1", None, True, False, -1, -0.001, [1]])
def test_a_value_of_a_group_must_be_a_number_of_0_or_more(value):
    with pytest.raises(SettingError) as caught:
        read_group(Spices, "spices", {"salt": value})

    assert str(caught.value) == (
        f"config.yml: spices: 'salt' is '{value}', but must be a number of 0 or more."
    )


@pytest.mark.parametrize("value", [-100, -99.5, 0, 7])
def test_a_group_may_allow_numbers_below_0(value):
    assert read_group(Spices, "spices", {"salt": value}, least=-100) == Spices(value)


@pytest.mark.parametrize("value", [-100.5, "-5", None])
def test_a_value_of_a_group_must_reach_the_least(value):
    with pytest.raises(SettingError) as caught:
        read_group(Spices, "spices", {"salt": value}, least=-100)

    assert str(caught.value) == (
        f"config.yml: spices: 'salt' is '{value}', but must be a number of -100 or "
        "more."
    )


def test_an_unknown_name_in_a_group_names_the_known_ones():
    with pytest.raises(SettingError) as caught:
        read_group(Spices, "spices", {"slat": 1})

    assert str(caught.value) == (
        "config.yml: spices has no setting 'slat'. Known: salt, pepper."
    )


@pytest.mark.issue("a group that is empty or no mapping raises AttributeError")
@pytest.mark.parametrize("values", [None, 5, "high", [1]])
def test_a_group_of_another_shape_is_an_error(values):
    with pytest.raises(SettingError):
        read_group(Spices, "spices", values)


@pytest.mark.issue("not-a-number compares false with everything and is accepted")
def test_not_a_number_is_an_error():
    with pytest.raises(SettingError):
        read_group(Spices, "spices", {"salt": float("nan")})
