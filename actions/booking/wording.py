"""Brings an answer into plain English words, with misspelt names of days corrected."""

import re
import unicodedata
from functools import lru_cache

from symspellpy.editdistance import DistanceAlgorithm, EditDistance

from actions.booking.day_words import (
    NOT_MISSPELT,
    NUMBERS,
    OFTEN_MISSPELT,
    SAME,
    WEEKDAY_NAMES,
)
from actions.booking.rewriting import MOST, Rule, rewrite

LONGEST = 2000
# Nobody names a day with more words than these.
MOST_WORDS = 250
LONG_WORD = 8
SHORTEST_CORRECTED = 5
INVISIBLE = frozenset({"Mn", "Me", "Cf", "Cc", "Co", "Cn", "Cs"})
QUOTES = str.maketrans("‘’`´–—−", "''''---")
WORD = re.compile(r"(?<![\w'])[a-z]+(?:'[a-z]+)?(?![\w'])|(?<![\w'])2[a-z]+(?![\w'])")
HALVES = {"een": 12, "twee": 1, "drie": 2, "vier": 3, "vyf": 4, "ses": 5}
HALVES |= {"sewe": 6, "agt": 7, "nege": 8, "tien": 9, "elf": 10, "twaalf": 11}
PLURALS = {f"{day}s": f"{day}s" for day in WEEKDAY_NAMES}


def _same_words() -> dict[str, str]:
    table = {day: day for day in (*WEEKDAY_NAMES, *SAME)} | PLURALS
    for day, others in WEEKDAY_NAMES.items():
        table |= {f"{other}s": f"{day}s" for other in others.split()}
        table |= {f"{w[:-2]}ae": f"{day}s" for w in others.split() if w.endswith("ag")}
    # Last, so that "thurs" is Thursday and not more than one "thur".
    for words in (WEEKDAY_NAMES, SAME, NUMBERS):
        for word, others in words.items():
            table |= dict.fromkeys(others.split(), word)
    return table


SAME_WORDS = _same_words()

ORDINALS = ["first", "second", "third", "fourth", "fifth", "sixth", "seventh"]
ORDINALS += ["eighth", "ninth"]
ENDINGS = ("st", "nd", "rd")


def _twenties(match: re.Match[str]) -> str | None:
    """Returns "twenty first" as 21st."""
    if match[1] not in ORDINALS:
        return None
    number = ORDINALS.index(match[1]) + 1
    return f"{20 + number}{ENDINGS[number - 1] if number <= len(ENDINGS) else 'th'}"


PHRASES: tuple[Rule, ...] = (
    (re.compile(r"\bm[oô]re ?(?=oggend|middag|aand)"), lambda _: "tomorrow "),
    (re.compile(r"\bmôre\b|\bmore(?= (?:na|voor|om) \w)|^more$"), lambda _: "tomorrow"),
    (re.compile(r"(?<!\w)'n\b"), lambda _: "a"),
    (
        re.compile(r"\b(\d{1,2}) ?(?:n|(v))m\b"),
        lambda m: f"{m[1]}{'a' if m[2] else 'p'}m",
    ),
    (re.compile(r"\bngo-?(?=\d)"), lambda _: "at "),
    (re.compile(r"\b(\d{4}-\d\d-\d\d)t(?=\d\d:)"), lambda m: f"{m[1]} "),
    (re.compile(r"\b2(?=mo[a-z]{3})"), lambda _: "to"),
    (re.compile(r"\b(\w+dag)(?=oggend|middag|aand)"), lambda m: f"{m[1]} "),
    (re.compile(r"\beinde van\b"), lambda _: "end of"),
    (re.compile(r"\bbegin van\b"), lambda _: "beginning of"),
    (re.compile(r"\b(?:nge)?(?:isonto|iviki) elizayo\b"), lambda _: "next week"),
    (re.compile(r",? ?\b(?:if not|otherwise|failing that)\b,?"), lambda _: " or"),
    (re.compile(r"\bnoma nini\b"), lambda _: "whenever"),
    (re.compile(r"\bsee (?:you|u) soon\b"), lambda _: ""),
    (re.compile(r"\btwenty[- ](\w+)"), _twenties),
    (re.compile(r"\bvan(oggend|middag)\b"), lambda m: f"today {m[1]}"),
    (
        re.compile(rf"\bhalf ?({'|'.join(HALVES)})\b"),
        lambda m: f"half past {HALVES[m[1]]}",
    ),
    (re.compile(r"\bso gou (?:as )?moontlik\b"), lambda _: "asap"),
    (re.compile(r"\boor (?=\w+ (?:dae|week|weke|maande?)\b)"), lambda _: "in "),
    (re.compile(r"\b(\w+) oor (?=\w+)"), lambda m: f"{m[1]} past "),
    (re.compile(r"\b(?:can'?t|cannot)\b"), lambda _: "can not"),
    (re.compile(r"\bwon't\b"), lambda _: "will not"),
    (re.compile(r"\b(do|does|is|are|would|did)n'?t\b"), lambda m: f"{m[1]} not"),
    (re.compile(r"\bi'?m\b(?! sorry)"), lambda _: "i am"),
    (re.compile(r"\b(?:a couple(?: of)?|(?:a|'n) paar)\b"), lambda _: "2"),
    (
        re.compile(r"\b(at|after|before|past|to|until|till|by) one\b"),
        lambda m: f"{m[1]} 1",
    ),
    (
        re.compile(r"\bthe first\b(?! (?:avail|open|thing|slot|app|day|time|you|one))"),
        lambda _: "the 1st",
    ),
    (re.compile(r"\bthe second\b"), lambda _: "the 2nd"),
    (re.compile(r"\bday after tomorrow\b"), lambda _: "overmorrow"),
    (re.compile(r"\bto-(day|morrow)\b"), lambda m: f"to{m[1]}"),
    (re.compile(r"\b(\d{1,2})(?:de|ste|e)\b"), lambda m: f"{m[1]}th"),
    (re.compile(r"\b(?:a )?fortnight\b"), lambda _: "2 weeks"),
    (re.compile(r"\b([ap])\.m\b\.?"), lambda m: f"{m[1]}m"),
)


def plain(text: str) -> str:
    """Returns a text in lower case and single spaces, without invisible characters."""
    whole = unicodedata.normalize("NFKC", text[:LONGEST]).translate(QUOTES).lower()
    seen = "".join(
        "\n" if character in "\r\n" else " " if character == "\t" else character
        for character in whole
        if character in "\r\n\t" or unicodedata.category(character) not in INVISIBLE
    )
    # Two dots are kept free for codes of ranges.
    seen = re.sub(r"\.{2,}", " . ", seen)
    words = re.sub(r"[^\S\n]+", " ", seen).strip().split(" ")[:MOST_WORDS]
    return " ".join(words)


def spellings(text: str) -> tuple[str, ...]:
    """Returns the text of `plain` in English words; several if a name is in doubt."""
    (phrased,) = rewrite([text], PHRASES)[:1]
    decomposed = unicodedata.normalize("NFKD", phrased)
    bare = "".join(c for c in decomposed if unicodedata.category(c) != "Mn")
    return rewrite([bare], [(WORD, lambda match: _meanings(match[0]))])[:MOST]


@lru_cache(maxsize=4096)
def _meanings(word: str) -> tuple[str, ...]:
    stem = word.removesuffix("'s")
    if stem in SAME_WORDS:
        return (SAME_WORDS[stem],)
    if len(stem) < SHORTEST_CORRECTED or stem in NOT_MISSPELT or not stem.isalpha():
        return (stem,)
    known = sorted(OFTEN_MISSPELT | WEEKDAY_NAMES.keys() | PLURALS.keys())
    distances = {name: _distance(stem, name) for name in known}
    nearest = min(distances.values())
    if nearest > LONG_WORD:
        return (stem,)
    found = [name for name in known if distances[name] == nearest]
    return tuple(dict.fromkeys(SAME_WORDS.get(name, name) for name in found))


def _distance(word: str, name: str) -> int:
    """Returns how many slips lie between two words, a large number if too many."""
    allowed = 1 if len(name) < LONG_WORD else 2
    same_start = word[0] == name[0] or word[:2] == name[1::-1]
    if not same_start or abs(len(word) - len(name)) > allowed:
        return LONG_WORD + 1
    slips = EditDistance(DistanceAlgorithm.DAMERAU_OSA).compare(word, name, allowed)
    return slips if slips >= 0 else LONG_WORD + 1
