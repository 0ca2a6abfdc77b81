"""Reads whether words accept what was offered, and what else they say."""

import re
from dataclasses import dataclass

MARKS = re.compile(r"[^\w'+:/.-]+|(?<!\d)[.:-]|[.:-](?!\d)")
SHORTENED = re.compile(r"(?<=\bthat)(?=s\b)|(?<=\bi)(?=m\b)")
LONGEST = 20
# Before a no is looked for: these begin like one.
NO_DOUBT = r"no (?:problem|worries|issues?|stress)|why not|not a problem"
NOT = r"(?:does ?n[o']?t|do ?n[o']?t|did ?n[o']?t|wo ?n'?t|will not|is ?n[o']?t|not"
NOT += r"|ca ?n'?t|can ?not|can not|never)"
NO = (
    rf"(?:(?:that|it|this)(?:'s| is)? )?(?:time |day )?{NOT} "
    r"(?:really |quite |actually )?(?:suit(?:s|able)?|works?|fit|good|ok(?:ay)?|fine"
    r"|possible|ideal|convenient|great)(?: (?:for|with))?(?: me| us)?(?: at all)?",
    rf"(?:i|we)(?:'m| am)? ?{NOT} (?:really )?(?:make|do|come|accept|take|available"
    r"|free|be there|go|manage|want|like|get off)"
    r"(?: (?:it|that|this|in|the|time|day))*",
    r"not really",
    r"(?:i(?:'m| am)|i'll be|i will be) (?:busy|working|at work|away)",
    r"(?:i|i'd|i would) (?:prefer|rather|like|want) (?:another|a different)"
    r" (?:time|day)",
    r"(?:another|different|other) (?:time|day|one)",
    r"something else|too (?:early|late|soon)|i (?:decline|refuse)|decline|reject",
    r"pas (?:my )?nie|werk nie",
    r"^(?:no|nope|nah|nee|cha|hayi)(?: (?:thanks|thank you|dankie|sorry))?\b",
)
GOOD = (
    r"(?:perfect(?:ly)?|great|lovely|wonderful|excellent|good|fine|ok|okay|oki|okey"
    r"|alright|all right|cool|nice|sharp|lekker|brilliant|awesome|super|reg|goed|kwaai"
    r"|right|correct|ideal|convenient)"
)
YES = (
    r"(?:that|it|this|which)(?:'s| is| was| will be| would be| sounds| looks)? "
    rf"(?:just |absolutely |totally |all |very |really |also )*{GOOD}",
    rf"(?:is|are|sounds?|looks?|will be|would be) (?:just |very |all )?{GOOD}",
    r"(?:(?:that|it|this)(?: will| would| should| does)? )?(?:works?|suits?|fits?"
    r"|do(?=$))(?: (?:me|us))?(?: (?:fine|well|perfectly|good))?",
    r"(?:i|we)(?:'ll| will| can| could| would like to|'d like to)? "
    r"(?:(?:accept|take|agree|confirm|come|be there)"
    r"(?: (?:it|that|this|to|then|there))*"
    r"|(?:make|do|go with|have) (?:it|that|this|then))",
    r"see (?:you|u) then|count me in|deal|agreed|book (?:it|me)(?: in)?|accept(?: it)?"
    r"|accepted|confirm(?:ed)?(?: it)?|go ahead|do it|let'?s do (?:it|that)|of course"
    r"|definitely|absolutely|please do|pas my|dis reg|100 ?%",
    rf"yes|yess+|yebo|yep|yup|yeah|yea|ja|jip|ewe|sure|{GOOD}",
)
FILLER_WORDS = (
    "that it this the a time day then for me us my so well i is on at to we am"
    " thanks thank you dankie please pls plz asb very much ta hey oh um really just"
    " also of your kindly with lot that's it's"
)
FILLERS = frozenset(FILLER_WORDS.split())
DOUBTS = frozenset({"but", "if", "unless", "except", "not", "although", "maybe"})


@dataclass(frozen=True)
class Agreement:
    """How an answer to an offer was read.

    Attributes:
        answer: `yes`, `no`, or nothing if it says neither, or both.
        rest: what else it says, such as another day.
    """

    answer: str = ""
    rest: str = ""

    @property
    def plain(self) -> str:
        """The answer if nothing else was said."""
        return "" if self.rest else self.answer


def _any(patterns: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(rf"(?<![\w'])(?:{each})(?![\w'])" for each in patterns))


UNDOUBTED, REFUSES, ACCEPTS = _any((NO_DOUBT,)), _any(NO), _any(YES)


def read_agreement(text: str) -> Agreement:
    """Returns what a text answers to "does that suit you?"."""
    if "?" in text or len(text.split()) > LONGEST:
        return Agreement(rest=text)
    folded = text.replace("’", "'").replace("👍", " yes ").lower()
    words = SHORTENED.sub("'", " ".join(MARKS.sub(" ", folded).split()))
    if words == "please":
        return Agreement("yes")
    words, undoubted = UNDOUBTED.subn(" ", words)
    words, refused = REFUSES.subn(" ", " ".join(words.split()))
    words, accepted = ACCEPTS.subn(" ", " ".join(words.split()))
    rest = words.split()
    while rest and rest[0] in FILLERS:
        rest.pop(0)
    while rest and rest[-1] in FILLERS:
        rest.pop()
    if DOUBTS & set(rest):
        return Agreement("no" if refused else "", " ".join(rest))
    agrees = bool(accepted or undoubted)
    answer = "" if refused and agrees and not rest else "no" if refused else "yes"
    return Agreement(answer if refused or agrees else "", " ".join(rest))
