"""Finds what a patient cannot do; the word `NOT` goes before it."""

import re

from actions.booking.opening import WEEKDAYS
from actions.booking.preference import DAYS_CODE
from actions.booking.rewriting import Rule
from actions.booking.times import TIMES_CODE

DAY = rf"(?:{'|'.join(WEEKDAYS)})s?"
ITEM = rf"(?:{DAY}\b|[DK]{DAYS_CODE}|T{TIMES_CODE})"
ITEMS = rf"(?:{ITEM}(?:(?: ,)? (?:or|and|nor) )?(?: ?on )?)+"
LEADS = (
    r"(?:(?:but|just|definitely|preferably|please|rather|i) )*(?:can not|will not"
    r"|do not|not|no|never|except|without|other than|rather than|instead of|nothing"
    r"|unable|busy|away|unavailable|booked up|fully booked|out of town|avoid|all but)"
)
FILLERS = (
    r"on|in|at|the|die|an?|any|for|of|during|over|be|am|do|make|come|available|free"
    r"|able|to|want|like|really|it|from|that|with|me|possible|there|here|so|too|work|well"
)
BAD = (
    r"bad|difficult|out|hectic|impossible|busy|full|tricky|terrible|crazy|a no"
    r"|no good|no go"
)
AFTER_NOT = (
    r"work|good|great|ok|okay|fine|suit\w*|possible|available|for|me|us|an|option|so|be"
    r"|convenient|really|at|all|any|the|best|do|make|come|it"
)
END = "END"


def _negative(match: re.Match[str]) -> str:
    return f"NOT {match[1].strip()} {END}"


NEGATION_RULES: tuple[Rule, ...] = (
    # "No Friday" may answer a question or correct what was said before.
    (
        re.compile(rf"^no (?=(?:{'|'.join(WEEKDAYS)})\b|D{DAYS_CODE}$)"),
        lambda _: ("NOT ", ""),
    ),
    (
        re.compile(
            rf"\b({ITEMS}) (?:(?:is|are|does|do|will|would|i can) )?not?"
            rf"(?: (?:{AFTER_NOT}))+(?= |$)(?! [DT])"
        ),
        _negative,
    ),
    (re.compile(rf"\b({ITEMS}) i can not(?= ?,| ?$)"), _negative),
    (re.compile(rf"\b({ITEMS}) (?:is|are) (?:not )?(?:{BAD})\b"), _negative),
    (
        re.compile(
            r"\b(?:away|busy|out of town|unavailable|not (?:here|available|around)) "
            r"(?=(?:until|before|after|between|from) )"
        ),
        lambda _: "NOT ",
    ),
    (re.compile(rf"\b{LEADS}(?: (?:{FILLERS}))* (?={ITEM})"), lambda _: "NOT "),
    (
        re.compile(
            rf"\b(ANY(?: [DK]{DAYS_CODE})?|K{DAYS_CODE}) but "
            rf"(?:(?:{FILLERS}) )*(?={ITEM})"
        ),
        lambda m: f"{m[1]} NOT ",
    ),
)
