import pytest

from addons.understanding.commands import Command, read_button, read_choice


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("button:book", Command("book")),
        ("button:tell_more", Command("tell_more")),
        ("button:more:spasm#heat", Command("more", "spasm#heat")),
        ("button:more:spasm#heat:2", Command("more", "spasm#heat", 2)),
        ("  button:book\n", Command("book")),
        ("button:", None),
        ("button:Book", None),
        ("button:more::2", None),
        ("button:more:spasm heat", None),
        ("press button:book", None),
        ("button:book please", None),
        ("how do I book", None),
        ("", None),
    ],
)
def test_reads_a_tapped_button_and_no_typed_text(text, command):
    assert read_button(text) == command


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("2", 2),
        ("the second one", 2),
        ("Number THREE please", 3),
        ("the first one", 1),
        ("one", 1),
        ("the last one", -1),
        ("3rd", 3),
        ("#4!", 4),
        ("the fifth", 5),
    ],
)
def test_reads_which_option_is_meant(text, number):
    assert read_choice(text) == Command("pick", number=number)


@pytest.mark.parametrize("text", ["", "none of these", "22", "someone", "secondly"])
def test_finds_no_option_in_other_words(text):
    assert read_choice(text) is None
