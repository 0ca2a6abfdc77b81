"""Draws a WhatsApp conversation as text in the frame of a phone."""

import textwrap
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

WIDTH = 52
BUBBLE = 40
GREEN, GREY, BOLD, PLAIN = "\033[32m", "\033[90m", "\033[1m", "\033[0m"


@dataclass(frozen=True)
class Bubble:
    """One message on the screen.

    Attributes:
        mine: written by the person who holds the phone.
        note: such as the time and the ticks.
        choices: what can be tapped, by title.
    """

    text: str
    mine: bool = False
    note: str = ""
    choices: Sequence[str] = ()
    first_number: int = 1


def width(text: str) -> int:
    """Returns how many columns a text takes in a terminal."""
    return sum(
        0 if unicodedata.combining(sign) or sign in "\u200d\ufe0f"
        else 2 if unicodedata.east_asian_width(sign) in "WF"
        else 1
        for sign in text
    )  # fmt: skip


def top(name: str, number: str, *, colour: bool = False) -> list[str]:
    """Returns the upper edge of the phone and the name of the chat."""
    title = f"{name[: WIDTH - 4]}"
    return [
        f"╭{'─' * (WIDTH - 2)}╮",
        _framed(_tinted(title, BOLD, colour), width(title)),
        _framed(_tinted(number, GREY, colour), width(number)),
        f"├{'─' * (WIDTH - 2)}┤",
    ]


def bottom() -> str:
    """Returns the lower edge of the phone."""
    return f"╰{'─' * (WIDTH - 2)}╯"


def draw(bubble: Bubble, *, colour: bool = False) -> list[str]:
    """Returns the lines of one message."""
    lines = [
        piece
        for line in bubble.text.splitlines() or [""]
        for piece in textwrap.wrap(line, BUBBLE - 4) or [""]
    ]
    inner = max(map(width, [*lines, bubble.note, ""]))
    rows = [f"╭{'─' * (inner + 2)}╮"]
    rows += [f"│ {_padded(line, inner)} │" for line in lines]
    if bubble.note:
        rows.append(f"│ {' ' * (inner - width(bubble.note))}{bubble.note} │")
    rows.append(f"╰{'─' * (inner + 2)}╯")
    for number, title in enumerate(bubble.choices, start=bubble.first_number):
        rows.append(f"  [/{number}] {title}"[: BUBBLE + 6])
    return [_placed(row, mine=bubble.mine, colour=colour) for row in rows]


def taps(messages: Sequence[Mapping[str, str]]) -> dict[int, tuple[str, str]]:
    """Returns title and payload of everything that can be tapped, by number."""
    pairs = [pair for choices in messages for pair in choices.items()]
    return dict(enumerate(pairs, start=1))


def _placed(row: str, *, mine: bool, colour: bool) -> str:
    room = WIDTH - 4 - width(row)
    shown = _tinted(row, GREEN, colour) if mine else row
    line = f"{' ' * room}{shown}" if mine else shown
    return _framed(line, width(row) + (room if mine else 0))


def _framed(text: str, columns: int) -> str:
    return f"│ {text}{' ' * max(0, WIDTH - 4 - columns)} │"


def _padded(text: str, columns: int) -> str:
    return text + " " * (columns - width(text))


def _tinted(text: str, tint: str, colour: bool) -> str:
    return f"{tint}{text}{PLAIN}" if colour else text
