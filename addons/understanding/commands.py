"""What a tapped button, or words such as "the second one", tell the assistant."""

import re
from dataclasses import dataclass

BUTTON = re.compile(r"^button:([a-z_]+)(?::([^\s:]+))?(?::(\d+))?$")
ORDINALS: dict[str, int] = {
    "first": 1, "1st": 1, "one": 1, "1": 1, "top": 1, "former": 1,
    "second": 2, "2nd": 2, "two": 2, "2": 2, "middle": 2,
    "third": 3, "3rd": 3, "three": 3, "3": 3,
    "fourth": 4, "4th": 4, "four": 4, "4": 4,
    "fifth": 5, "5th": 5, "five": 5, "5": 5,
    "last": -1, "bottom": -1, "latter": -1,
}  # fmt: skip
WORD = re.compile(r"[a-z0-9]+")


@dataclass(frozen=True)
class Command:
    """A button, or the number of an option that was offered (-1 is the last)."""

    name: str
    address: str = ""
    number: int = 0


def read_button(text: str) -> Command | None:
    """Returns the button that was tapped, or None for typed text.

    A button sends an id such as `button:more:back-muscle-spasm#heat:2`. Whoever types
    one gets what the button gives and nothing else.
    """
    match = BUTTON.match(text.strip())
    if not match:
        return None
    name, address, number = match.groups()
    return Command(name, address or "", int(number or 0))


def read_choice(text: str) -> Command | None:
    """Returns which option is meant by "2", "the second one", "last"."""
    words = WORD.findall(text.lower())
    # "the first one" names the first: a plain "one" is only looked at last.
    specific = [word for word in words if word != "one"]
    for word in [*specific, *words]:
        if word in ORDINALS:
            return Command("pick", number=ORDINALS[word])
    return None
