"""Reads for whom a visit is, and which kind of visit it is."""

import re

SELF = "self"
CHILD = "child"
SOMEONE_ELSE = "someone_else"
FIRST = "first"
FOLLOW_UP = "follow_up"
HOME = "home"
ONLINE = "online"

LONGEST = 2000
# "Not for me, for my son" is about the son alone.
NOT_ME = re.compile(r"\b(?:not|isn'?t|nie) (?:for |vir )?(?:me|myself|my|mine|us)\b")
PEOPLE = {
    CHILD: r"child\w*|kids?|kid's|son|daughter|baby|toddler|teen\w*"
    r"|grand(?:son|daughter|child)|boy|girl|little one|seun|dogter|kind|kinders?"
    r"|laaitie|umntwana|ingane",
    SOMEONE_ELSE: r"someone else|somebody else|other person|iemand anders"
    r"|(?:my|the|a) (?:wife|husband|partner|mother|mom|mum|ma|father|dad|pa"
    r"|gran\w*|gogo|ouma|oupa|sister|brother"
    r"|aunt\w*|uncle|friend|boyfriend|girlfriend|fianc\w+|colleague|neighbour|boss"
    r"|helper|cousin|employee|in-?laws?|parents?|patient|client)"
    r"|my (?:vrou|man|suster|broer|vriend\w*)|umama|ubaba",
    SELF: r"me|myself|self|mine|i am|i'?m|i need|i want|vir my|ek|mina|for i|my own",
}
VISITS = {
    FOLLOW_UP: r"follow[- ]?ups?|opvolg\w*|come back|coming back|returning|return visit"
    r"|next session|another session|been (?:there|to you|before|here)|existing|again"
    r"|second (?:visit|time|session)|check[- ]?up|not (?:my |the )?first",
    HOME: r"home visits?|house ?calls?|at (?:my |our )?(?:home|house|place)"
    r"|come to (?:me|us)|tuisbesoek|by my huis",
    ONLINE: r"online|video|zoom|virtual\w*|tele\w*|remote\w*|aanlyn"
    r"|(?:whatsapp|teams) call",
    FIRST: r"first|new patient|new|nuut|nuwe|eerste|initial|assessment|evaluation"
    r"|never been|not been|haven'?t been|okokuqala",
}


def people(text: str) -> tuple[str, ...]:
    """Returns for whom the visit may be: none if unclear, several if it is in doubt."""
    plain = NOT_ME.sub(" ", _plain(text))
    found = _found(plain, PEOPLE)
    # "I need it for my son": the patient is the one who is named.
    others = tuple(person for person in found if person != SELF)
    both = re.search(r"\b(?:me|myself) and\b|\band (?:me|myself|i)\b", plain)
    return found if both or not others else others


def visits(text: str) -> tuple[str, ...]:
    """Returns the kinds of visit: none if unclear, several if it is in doubt."""
    plain = _plain(text)
    found = _found(plain, VISITS)
    not_first = re.search(r"\bnot (?:my |the |a )?first|\bnie (?:my )?eerste", plain)
    not_before = re.search(r"\b(?:never|not|haven'?t) been\b", plain)
    dropped = {FIRST if not_first else "", FOLLOW_UP if not_before else ""}
    return tuple(visit for visit in found if visit not in dropped)


def _plain(text: str) -> str:
    return " ".join(text[:LONGEST].replace("’", "'").lower().split())


def _found(plain: str, kinds: dict[str, str]) -> tuple[str, ...]:
    return tuple(
        kind for kind, words in kinds.items() if re.search(rf"\b(?:{words})\b", plain)
    )
