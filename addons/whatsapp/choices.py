"""Understands the number of a choice that was shown with numbers."""

import re
from collections.abc import Sequence

NUMBER = re.compile(
    r"(?:option|number|choice|answer|nr|no|nommer|#)?[\s.:#]*(\d{1,2})[\s.)!]*",
    re.IGNORECASE,
)
# The emoji of a digit in a box is the digit and two invisible signs.
BOX = re.compile("[\ufe0f\u20e3]")


def picked(text: str, offered: Sequence[str]) -> str:
    """Returns the payload of the choice that a typed number means; "" for none."""
    match = NUMBER.fullmatch(BOX.sub("", text).strip())
    if not match:
        return ""
    number = int(match[1])
    return offered[number - 1] if 0 < number <= len(offered) else ""
