"""Reads a person's name as it is typed in a chat."""

import re
import unicodedata
from dataclasses import dataclass

NO_NAME = "no_name"
QUESTION = "question"
NUMBER = "number"
LONGEST = 80
LONGEST_TEXT = 2000
# More than these marks on one letter are no spelling of a name.
MOST_MARKS = 2
QUOTES = str.maketrans("‘’`´‐‑–", "''''---")
TAG = re.compile(r"<[^<>]{0,200}>|</?[a-zA-Z][^<>]*$")
LEAD = re.compile(
    r"^(?:(?:hi|hello|hey|hallo|good (?:morning|day|afternoon|evening)|sawubona|molo"
    r"|dumela|goeie (?:more|dag|middag)|yes|ja|ok|okay|sure|please|um+|so|and|the"
    r"|actually|sorry|oops)\b[ ,.!]*"
    r"|(?:it'?s|it is|this is|that'?s|i am|i'?m|my (?:full )?names? (?:is|are|'s)"
    r"|my name's|the name(?:'s| is)|(?:full )?names?(?: is)? ?:|(?:please )?call me"
    r"|you can call me|they call me|patient(?:'s name)?(?: is)? ?:|dis|ek is|my naam is"
    r"|naam ?:|igama lami ngu|igama lami u|ngingu|ndingu|ke nna)[ ,:-]*)+",
    re.IGNORECASE,
)
TAIL = re.compile(
    r"(?:[ ,.!-]+(?:here|speaking|hier|thanks?(?: you)?|thx|dankie|please|pls|asb"
    r"|is my name|is the name)\b)+[ .!]*$",
    re.IGNORECASE,
)
# A name in brackets, such as one that somebody is called by.
PAIR = re.compile(r"\([^\W\d_][^()]*\)")
NOT_A_NAME = re.compile(
    r"^(?:no|nee|yes|ja|ok|okay|none|nothing|skip|stop|cancel|never ?mind|nvm|n ?/? ?a"
    r"|anonymous|rather not.*|i (?:do not|don'?t|would rather).*|self|me|myself|same"
    r"|nobody|help|hi|hello|hey|back|send|test|(?:no|any|a) (?:notes?|nota))$",
    re.IGNORECASE,
)
ASKS = re.compile(
    r"^(?:why|what|who|how|where|when|which)\b.*|.*\?\s*$"
    r"|^(?:do|does|can|could|is|are|must|should) (?:i|you|u|we|it|this|that|the)\b.*",
    re.IGNORECASE | re.DOTALL,
)
NUMBER_AFTER = re.compile(
    r"[ ,.;-]*\b(?:(?:and|but|please|my|you can) )*"
    r"(?:(?:call|phone|whatsapp|ring|reach)(?: me)?|number|cell(?:phone)?|tel|contact)?"
    r"(?: (?:on|at|is))?[: ]*\+?\b\d[\d\s().-]{3,}\d.*$",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class NameAnswer:
    """How an answer to "what is the name" was read.

    Attributes:
        name: the name, empty if there is none.
        problem: `no_name`, `question` or `number` if there is none.
    """

    name: str = ""
    problem: str = ""


def read_name(text: str) -> NameAnswer:
    """Returns the name in an answer, without markup and unseen characters."""
    plain = _plain(text[:LONGEST_TEXT])
    if ASKS.match(plain):
        return NameAnswer(problem=QUESTION)
    without_number = NUMBER_AFTER.sub("", plain)
    name = TAIL.sub("", LEAD.sub("", _letters(without_number)))
    name = name.strip(" ,.-':")[:LONGEST].strip(" ,-'")
    if not name and without_number != plain:
        return NameAnswer(problem=NUMBER)
    if not any(character.isalpha() for character in name) or NOT_A_NAME.match(name):
        return NameAnswer(problem=NO_NAME)
    return NameAnswer(name)


def _plain(text: str) -> str:
    """Returns a text on one line, without tags, controls and heaps of marks."""
    whole = TAG.sub(" ", unicodedata.normalize("NFC", text).translate(QUOTES))
    kept: list[str] = []
    marks = 0
    for character in whole:
        kind = unicodedata.category(character)
        marks = marks + 1 if kind[0] == "M" else 0
        if marks > MOST_MARKS or kind in ("Cf", "Co", "Cn", "Cs"):
            continue
        kept.append(" " if kind[0] in "ZC" else character)
    return " ".join("".join(kept).split())


def _letters(text: str) -> str:
    """Returns what a name may consist of; a colon only after words such as "name"."""
    kept = "".join(
        character
        if character in " '-.,():" or unicodedata.category(character)[0] in "LM"
        else " "
        for character in text
    )
    pairs = PAIR.findall(kept)
    kept = PAIR.sub(" \0 ", kept) if len(pairs) == 1 else kept
    whole = re.sub(r"[()]", " ", kept)
    for pair in pairs:
        whole = whole.replace("\0", pair, 1)
    return " ".join(whole.split())
