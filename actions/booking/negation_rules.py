"""Finds what a patient cannot do; the word `NOT` goes before it."""

import re

from actions.booking.opening import WEEKDAYS
from actions.booking.rewriting import Rule

DAY = rf"(?:{'|'.join(WEEKDAYS)})s?"
ITEM = rf"(?:{DAY}\b|[DKT](?=[\d@-])\S+|T[a-z]+)"
ITEMS = rf"(?:{ITEM}(?:(?: ,)? (?:or|and|nor) )?(?: ?on )?)+"
LEADS = (
    r"(?:(?:but|just|definitely|preferably|please|rather|i) )*(?:can not|will not|do not|not"
    r"|no|never|except|without|other than|rather than|instead of|nothing|unable|busy|away"
    r"|unavailable|booked up|fully booked|out of town|avoid|anything but|all but)"
)
FILLERS = (
    r"on|in|at|the|die|an?|any|for|of|during|over|be|am|do|make|come|available|free|able|to"
    r"|want|like|really|it|from|that|with|me|possible|there|here|so|too|on any|work|well"
)
BAD = r"bad|difficult|out|hectic|impossible|busy|full|tricky|terrible|crazy|a no|no good|no go"
AFTER_NOT = (
    r"work|good|great|ok|okay|fine|suit\w*|possible|available|for|me|us|an|option|so|be"
    r"|convenient|really|at|all|any|the|best|do|make|come|it"
)
END = "END"


def _negative(match: re.Match[str]) -> str:
    return f"NOT {match[1].strip()} {END}"


NEGATION_RULES: tuple[Rule, ...] = (
    # "No Friday" may answer a question or correct what was said before.
    (re.compile(rf"^no (?={DAY}\b|D\S+$)"), lambda _: ("NOT ", "")),
    (
        re.compile(
            rf"\b({ITEMS}) (?:(?:is|are|does|do|will|would|i can) )?not?"
            rf"(?: (?:{AFTER_NOT}))+(?= |$)(?! [DT])"
        ),
        _negative,
    ),
    (re.compile(rf"\b({ITEMS}) i can not(?= ?,| ?$)"), _negative),
    (re.compile(rf"\b({ITEMS}) (?:is|are) (?:not )?(?:{BAD})\b"), _negative),
    (re.compile(rf"\b{LEADS}(?: (?:{FILLERS}))* (?={ITEM})"), lambda _: "NOT "),
    (
        re.compile(rf"\b(ANY(?: [DK]\S+)?|K\S+) but (?:(?:{FILLERS}) )*(?={ITEM})"),
        lambda m: f"{m[1]} NOT ",
    ),
)
