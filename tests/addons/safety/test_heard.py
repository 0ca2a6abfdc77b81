import pytest

from addons.safety.answers import Reply
from addons.safety.heard import Heard


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("1", "yes"),
        ("2.", "no"),
        (" 3) ", "unsure"),
        ("4", ""),
        ("5", ""),
        ("1 week ago", ""),
        ("2 tablets", ""),
    ],
)
def test_the_number_of_a_button_is_an_answer_if_it_stands_alone(text, answer):
    assert Heard(text).answer == answer


@pytest.mark.parametrize(("text", "stops"), [("4", True), ("4 weeks", False)])
def test_the_number_of_the_last_button_stops(text, stops):
    assert Heard(text).stops == stops


def test_a_number_goes_before_what_it_might_choose_elsewhere():
    assert Heard("2", command="pick", reply=Reply("yes")).answer == "no"
