"""Words that stop a booking, change an answer, skip a question or pick an option."""

import re

from actions.booking.agreeing import read_agreement
from actions.booking.clauses import STOPS
from actions.booking.talk import DAY, NAME, NOTE, PART, PHONE, VISIT, WHO

LONGEST_STOP = 7
LONGEST_SKIP = 8
# "I don't want to give my name" stops one question, not the booking.
LEADING = re.compile(
    r"^(?:(?:eish|eina|ai|yoh?|haibo|shame|nah|well|ugh|ag|hey|ok|okay|oh)"
    r"\b[ ,.!]*)+"
)
PLEASANTRY = re.compile(
    r"^(?:(?:thanks?(?: you| u)?|thx|dankie|ta|ngiyabonga|enkosi|cool|great|sharp|nice"
    r"|lekker|ok|okay|k|alright|perfect|good|hi|hello|hey|hallo|so much|very much|a lot"
    r"|good (?:morning|day|afternoon|evening))\b[ ,.!]*)+$"
)
KEEPS_BACK = re.compile(r"\bwant to (?:say|give|share|tell|answer|type)\b")
CHANGES = re.compile(
    r"\b(?:chang\w*|wrong|incorrect|not (?:right|correct)|isn'?t (?:right|correct)"
    r"|mistakes?|correct(?:ion)?|edit|different|another|fix|update|redo|re-?enter"
    r"|typo|verander|verkeerd|switch|instead|swop|swap)\b"
)
BACK = re.compile(r"^(?:please |can (?:i|we) )?(?:go )?back(?: one)?\W*$|^previous\W*$")
PARTS = {
    PHONE: r"(?:phone|cell|cellphone|mobile|call ?back|contact)?[ -]?(?:number|nr)"
    r"|nommer|phone|cell|tel",
    NAME: r"names?|naam|surname",
    PART: r"time of day|part of (?:the )?day",
    DAY: r"days?|dates?|times?|dag|datum|when",
    VISIT: r"(?:kind|type) of (?:visit|appointment)|visit(?: type)?|appointment type",
    WHO: r"who(?: it'?s for| it is for)?|patient|person",
    NOTE: r"notes?|comment|message|reason|nota",
}
NOTHING = (
    r"(?:skip(?: (?:it|this|that))?|no(?:ne|pe)?|nah|nee|geen|pass|n ?/? ?a"
    r"|(?:just )?send(?: it)?(?: now)?"
    r"|(?:any |a )?(?:notes?|nota|comments?|need)"
    r"|nothing(?: (?:else|more|further|special|really|at all|to add|for now))*"
    r"(?: from (?:me|my side))?|not (?:really|now|needed)"
    r"|leave (?:it )?(?:blank|out|empty)|rather not(?: say)?|all good|i have"
    r"|(?:i )?(?:don'?t|do not) have any(?:thing)?(?: to add)?"
    r"|(?:that'?s|that is|that will be|it'?s) (?:it|all)"
    r"(?: for now| from (?:me|my side))?"
    r"|i(?:'m| am|m)? (?:good|fine|done|ok)|for now)"
)
SKIP = re.compile(
    rf"^(?:please |i think )?{NOTHING}(?:[ ,.!]+{NOTHING})*"
    r"(?:[ ,.!]+(?:thanks?(?: you| u)?|thx|dankie|ta|please|pls))*\W*$"
)
UNSURE = re.compile(
    r"^(?:i )?(?:am |'m )?(?:not sure|no idea|(?:do not|don'?t|dunno) ?(?:know|mind)?"
    r"|(?:you|u) (?:choose|decide)|doesn'?t matter|weet nie|idk|skip.*)\b"
)
SEND = re.compile(
    r"^(?:(?:yes|ja|ok|okay|please|just|all|it'?s|looks?|that'?s|everything is)\b"
    r"[ ,]*)*(?:send(?: it| that| the request)?(?: now)?|submit(?: it)?|correct|good"
    r"|right|perfect|fine|go ahead|stuur(?: dit)?|confirm|yebo)"
    r"(?: please| thanks?| asb| off| away)?\W*$"
)
AGREES = re.compile(
    r"^(?:(?:yes|yebo|yep|yup|ja|ok|okay|sure|fine|alright|all right|right|please"
    r"|i agree|agreed?|i do|of course|no problem|sharp|go ahead|go on|do it|correct"
    r"|that'?s (?:fine|ok|okay|right|all right)|it'?s (?:fine|ok|okay)|send it)"
    r"\b[ ,.!]*)+(?:please|thanks?(?: you)?|dankie)?\W*$"
)
GO_ON = re.compile(
    r"^(?:(?:yes|ja|ok|okay|please|lets?|let'?s|can we|i want to)\b[ ,]*)*"
    r"(?:go on|carry on|continue|proceed|resume|gaan aan|go ahead|keep going)\b"
)
CANCELS = re.compile(
    r"^(?:(?:yes|ja|yebo|ok|okay|please|pls|just)\b[ ,]*)*(?:cancel|kanselleer)"
    r"(?: (?:it|that|this|the (?:request|visit|appointment)|dit))?"
    r"(?: (?:please|pls|asb|thanks?|now))*\W*$"
)
PICK = re.compile(
    r"^(?:(?:option|number|nr|no\.?|the|choice)\s*)*([1-9])\s*[.)]?(?: please| pls)?$"
)
ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "last": -1}
NTH = re.compile(rf"^(?:the )?({'|'.join(ORDINALS)}) (?:one|option|choice)\W*$")


def plain(text: str) -> str:
    """Returns a text in lower case with single spaces and plain apostrophes."""
    return " ".join(text.replace("’", "'").lower().split())


def stops(text: str) -> bool:
    """Says whether a short text means that no request is wanted."""
    words = LEADING.sub("", plain(text))
    if len(words.split()) > LONGEST_STOP or KEEPS_BACK.search(words):
        return False
    return bool(STOPS.match(words))


def is_pleasantry(text: str) -> bool:
    """Says whether a text is thanks or a greeting and nothing else."""
    return bool(PLEASANTRY.match(plain(text)))


def goes_on(text: str) -> bool:
    """Says whether a text asks to go on."""
    return bool(GO_ON.match(plain(text)))


def goes_back(text: str) -> bool:
    """Says whether a text asks for the question before."""
    return bool(BACK.match(plain(text)))


def sends(text: str) -> bool:
    """Says whether a text agrees to the summary."""
    return bool(SEND.match(plain(text)))


def agrees(text: str) -> bool:
    """Says whether a text is a plain yes."""
    return bool(AGREES.match(plain(text))) or read_agreement(text).plain == "yes"


def cancels(text: str) -> bool:
    """Says whether a text agrees to cancelling, in the words of the question."""
    return bool(CANCELS.match(plain(text)))


def skips(text: str) -> bool:
    """Says whether a text leaves a question out."""
    words = plain(text)
    return len(words.split()) <= LONGEST_SKIP and bool(SKIP.match(words))


def is_unsure(text: str) -> bool:
    """Says whether a text leaves the choice to the clinic."""
    return bool(UNSURE.match(plain(text)))


def change(text: str) -> str | None:
    """Returns the answer that a text wants to change; empty if it does not say which.

    None if it wants no change.
    """
    words = plain(text)
    found = CHANGES.search(words)
    if found is None:
        return None
    named = [
        (match.start(), part)
        for part, pattern in PARTS.items()
        if (match := re.search(rf"\b(?:{pattern})\b", words))
    ]
    return min(named)[1] if named else ""


def picked(text: str, offered: tuple[str, ...]) -> str:
    """Returns the button that "2" or "the second one" means, empty if none."""
    agreed = read_agreement(text)
    words = plain(agreed.rest if agreed.answer == "yes" and agreed.rest else text)
    match = PICK.match(words)
    nth = NTH.match(words)
    number = int(match[1]) if match else ORDINALS[nth[1]] if nth else 0
    if number == 0 or not offered or number > len(offered):
        return ""
    return offered[number - 1 if number > 0 else -1]
