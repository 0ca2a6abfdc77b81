"""Reads words that put an earlier answer right, and the new answer in them."""

import re
from dataclasses import dataclass

from actions.booking.talk import DAY, NAME, NOTE, PART, PHONE, VISIT, WHO

LONGEST = 14
PARTS = {
    PHONE: r"(?:(?:tele)?phone|cell(?:phone)?|mobile|call ?back|contact)?[ -]?"
    r"(?:number|nr|no)|nommer|(?:tele)?phone|cell(?:phone)?|tel",
    NAME: r"(?:full |first |sur)?names?(?: and surname)?|naam|van",
    PART: r"time of (?:the )?day|part of (?:the )?day|time|hour",
    DAY: r"days?|dates?|dag|datum",
    VISIT: r"(?:(?:kind|type) of )?(?:visit|appointment)(?: type)?",
    WHO: r"patient|person",
    NOTE: r"notes?|comment|nota",
}
PART_NAMED = "|".join(rf"(?P<{part}>{words})(?!\w)" for part, words in PARTS.items())
OWNER = r"(?:(?:the|my|his|her|their|our|that|this)\s+)?"
# What shows that an earlier answer is meant, and not the open question.
SORRY = (
    r"(?:(?:actually|sorry|oops|oh|wait|hang on|hold on|no|nee|i made a mistake|eintlik"
    r"|my mistake|rather)\b[ ,.!-]*)+"
)
POLITE = (
    r"(?:(?:please|pls|plz|hi|hey|ok|okay|and|but|so"
    r"|can (?:you|u|i|we)|could (?:you|i|we)|i (?:want|need|would like|have) to"
    r"|i'd like to|let'?s|just|rather)\b[ ,]*)*"
)
IS = r"(?:'s| is| should be| must be| has to be| was| ?[:=])"
VERB = r"(?:change|correct|fix|update|edit|alter|switch|swap|swop|verander|replace)"
TAIL = re.compile(
    r"[ ,]+(?:please|pls|plz|asb|thanks?|thank you|dankie|rather|instead|actually"
    r"|if possible)\W*$",
    re.IGNORECASE,
)
AGAIN = re.compile(r"\b(?:rather|instead|actually|eerder)\W*$", re.IGNORECASE)
FORMS = (
    rf"{POLITE}{VERB} {OWNER}(?:{PART_NAMED})"
    r"(?: (?:to|into|as|na|with|for)\b| ?[:=])?(?P<value>.*)",
    rf"{POLITE}(?:make|set|put) {OWNER}(?:{PART_NAMED})"
    r"(?: (?:to|as|on|at)\b)?(?P<value> .+)",
    rf"{SORRY}{OWNER}(?:{PART_NAMED}){IS}(?P<value> ?.+)",
    rf"{OWNER}(?:{PART_NAMED})(?: should be| must be| has to be|{IS} (?:actually"
    r"|really|rather|wrong,?(?: it'?s| it is| it should be)?))(?P<value> .+)",
    rf"(?:{SORRY})?(?:wrong|incorrect) (?:{PART_NAMED})[ ,.:;-]*"
    r"(?:it'?s|it (?:is|should be|must be)|that is|should be)?(?P<value>.*)",
)
# The new value alone tells which answer is meant.
OPEN_FORMS = (
    rf"{POLITE}(?:make|change) (?:it|that|this)(?: to| into)?(?P<value> .+)",
    rf"(?:{SORRY})?i (?:meant?|mean to say)(?: to say)?(?P<value> .+)",
    r"i(?:'d| would)? (?:rather|actually) (?:want|need|prefer|have|like)(?P<value> .+)",
    rf"{SORRY}(?:it'?s |it is |this is |that is )?(?P<value>.+)",
)
NAMED = tuple(re.compile(rf"^(?:{form})$", re.IGNORECASE) for form in FORMS)
OPEN = tuple(re.compile(rf"^(?:{form})$", re.IGNORECASE) for form in OPEN_FORMS)
IT_IS = re.compile(r"^(?:it'?s|it is|this is|that is|make it) ", re.IGNORECASE)


@dataclass(frozen=True)
class Correction:
    """An answer that is to be replaced.

    Attributes:
        part: which answer; empty if only the new one tells.
        value: the new answer, empty if it must be asked for.
    """

    part: str
    value: str


def read_correction(text: str) -> Correction | None:
    """Returns what a short message puts right; None if it is nothing of the kind."""
    words = " ".join(text.replace("’", "'").split()).strip(" .!")
    if not words or len(words.split()) > LONGEST or words.endswith("?"):
        return None
    says_instead = bool(AGAIN.search(_without_thanks(words)))
    while (shorter := TAIL.sub("", words)) != words:
        words = shorter
    for form in NAMED:
        if match := form.match(words):
            part = next(part for part in PARTS if match[part])
            return Correction(part, match["value"].strip(" ,.:;-"))
    for form in OPEN:
        if match := form.match(words):
            return Correction("", match["value"].strip(" ,.:;-"))
    if says_instead:
        return Correction("", IT_IS.sub("", words))
    return None


def _without_thanks(words: str) -> str:
    return re.sub(r"[ ,]+(?:please|pls|thanks?|thank you)\W*$", "", words, flags=re.I)
