import pytest

from deploy.development.phone import WIDTH, Bubble, bottom, draw, taps, top, width


@pytest.mark.parametrize(
    "bubble",
    [
        Bubble("hello", mine=True, note="12:00 ✓✓"),
        Bubble("A long answer. " * 20 + "\n\nAnd more", choices=("Yes", "No")),
        Bubble("x" * 200, choices=("A title that is much longer than the phone" * 2,)),
        Bubble("🎤 Voice note 👍🏽 é", mine=True),
        Bubble(""),
    ],
)
@pytest.mark.parametrize("colour", [False, True])
def test_every_line_is_as_wide_as_the_phone(bubble, colour):
    lines = draw(bubble, colour=colour)

    for sign in ("\033[32m", "\033[0m"):
        lines = [line.replace(sign, "") for line in lines]
    assert {width(line) for line in lines} == {WIDTH}


def test_the_frame_is_closed():
    assert {width(line) for line in [*top("A clinic", "online"), bottom()]} == {WIDTH}


def test_what_can_be_tapped_is_numbered_through():
    offered = taps([{"Yes": "y", "No": "n"}, {}, {"Stop": "s"}])

    assert offered == {1: ("Yes", "y"), 2: ("No", "n"), 3: ("Stop", "s")}
