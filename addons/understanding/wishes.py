"""What a message asks the desk to do: book, call back, find, cancel, move, forget.

Questions about these things ("how late can I still cancel?") are answered from the
articles; only a request to do it, in so many words, is a wish.
"""

import re
from collections.abc import Mapping
from typing import Any

from addons.understanding.afterwards import folded, read_follow_up
from records.references import is_mixed, read_reference

BOOK, STATUS = "book", "status"
CANCEL, MOVE, ACCEPT = "cancel_visit", "move_visit", "accept_visit"
KNOWN, FORGET, CALL_BACK = "known", "forget", "call_back"
# Buttons that the desk obeys; those that begin with `book_` or `manage_` as well.
DESK_BUTTONS = frozenset({BOOK, STATUS, CANCEL, MOVE, ACCEPT, KNOWN, FORGET, CALL_BACK})
DESK_PREFIXES = ("book_", "manage_")
BY_INTENT = {"book_appointment": BOOK, "ask_request_status": STATUS}

LONGEST_WISH = 16
POLITE = (
    r"(?:(?:hi|hello|hey|sorry|please|pls|plz|asb|kindly|can you|could you|can u"
    r"|you can|would you|i (?:want|need|would like|have|wish|wanna|must)(?: to)?"
    r"|i'd like to|id like to|want to|wanna|need to|just|now|help me(?: to)?|let'?s"
    r"|ok|okay|and|but|no|actually|good (?:morning|day))\b[ ,]*)*"
)
VISIT = (
    r"(?:(?:my|the|this|that|our|his|her|mom'?s|child'?s)\s+)(?:\w+\s+){0,3}?"
    r"(?:appointments?|appts?|apointments?|bookings?|requests?|visits?|slots?|session)"
)
DATA = (
    r"(?:all |everything |any )?(?:(?:of )?(?:my|the) )?(?:personal )?(?:data|details"
    r"|info|information|records?|chats?|conversations?)"
)
DIGITS = r"\+?\(?\d[\d ().-]{6,}\d"
CALLER = (
    r"(?:(?:have|get|ask|let|must|should|may|will|would|can|could|request|want) )?"
    r"(?:(?:some|any)(?:one|body)|reception|the (?:clinic|doctor|nurse|lady|physio"
    r"|receptionist|office)|an? (?:nurse|doctor|person|physio|human))?"
    r"(?: ?(?:to|please|pls|can|must|should|will))*"
)
CALLS = (
    r"(?:call|phone|ring|bel|tel|contact|fone)(?:ing)? (?:me|us|my)(?: back| terug)?"
    r"|give (?:me|us) an? (?:call|ring|buzz)|(?:an? )?(?:call|phone|ring)[- ]?backs?"
)
CALL_TAIL = (
    rf"(?:[ ,.:!-]+(?:{DIGITS}|today|now|asap|urgently|straight away|right away|please"
    r"|pls|plz|asb|back|again|on|at|my|our|this|cell(?:phone)?|phone|number|nr|no|is|here"
    r"|thanks?|thank you|dankie|tomorrow|later|this (?:morning|afternoon)|in the"
    r"|(?:after|before|at) \d{1,2}(?::\d\d)?(?: ?[ap]m)?|it'?s|for|of|from|the clinic"
    r"|urgent|quickly|soon|immediately))*"
)
PATTERNS = (
    (CALL_BACK, rf"^{POLITE}{CALLER} ?(?:{CALLS}){CALL_TAIL}$"),
    (CALL_BACK, rf"^{POLITE}{CALLER} ?(?:{CALLS})"
                r"(?:[,.;:!] | (?:about|because|regarding)\b)"),
    (CALL_BACK, rf"^(?:my )?(?:number|nr|cell)(?: is)? {DIGITS}[ ,.]*{POLITE}"
                rf"(?:{CALLS}){CALL_TAIL}$"),
    (FORGET, rf"^{POLITE}(?:delete|erase|remove|wipe)\s+{DATA}(?: (?:of|about|on) me)?"
             r"(?: (?:please|pls|now|asb|from your \w+))*$"),
    (FORGET, rf"^{POLITE}(?:delete|erase|remove|wipe|forget) (?:everything|all)"
             r"(?: (?:that |what )?(?:you|u) (?:have|know|keep|got|stored?))?"
             r" (?:about|on|of) me(?: please| pls| now)*$"),
    (FORGET, rf"^{POLITE}forget (?:about )?me(?: please| pls| completely)*$"),
    (KNOWN, r"\bwhat (?:do|does|did|have|has) (?:you|u|the clinic|it)(?: all)?"
            r" (?:know|have|got|keep|kept|stored?|saved?)(?: stored| saved| on record)?"
            r" (?:about|on|of) me\b"),
    (KNOWN, r"\b(?:what|which) (?:data|info|information|details)(?: of mine)?"
            r" (?:do|have) (?:you|u)(?: have| keep| got| stored?| hold)?"
            r"(?: stored)? (?:about|on|of) me\b"),
    (KNOWN, rf"^{POLITE}(?:show|tell|give|send) me (?:all |everything )?(?:what )?"
            r"(?:the |my )?(?:data|info|information|details)?(?: that)? ?"
            r"(?:you|u) (?:know|have|keep|hold) (?:about|on|of) me\b"),
    (CANCEL, rf"^{POLITE}(?:cancel|withdraw|scrap|call off|drop)\s+{VISIT}\b"),
    (CANCEL, rf"^{POLITE}take back {VISIT}\b"),
    (MOVE, rf"^{POLITE}(?:move|reschedule|re-?shedule|shift|change|postpone|swop|swap"
           rf"|bring forward|push(?: out)?)\s+{VISIT}\b"),
    (STATUS, r"\b(?:status|progress) (?:of|on|with|for) (?:my|the|this)\b"
             r"(?: \w+)?(?: request| booking| appointment| visit)"),
    (STATUS, rf"\bwhat(?:'?s| is| has)? (?:happen(?:ing|ed)|going on|the story|up)"
             rf" (?:with|to) {VISIT}"),
    (STATUS, rf"\b(?:any|is there any) (?:news|update|word|feedback) (?:on|about|from)"
             rf" {VISIT}"),
    (STATUS, rf"^{POLITE}(?:check|track|find|look up|see) (?:on )?{VISIT}\b"),
)  # fmt: skip
# Beside other words, a number makes it clear.
CALL_ON = re.compile(
    r"\b(?:call|phone|ring|bel) (?:me|us)(?: back)?"
    rf"(?: [a-z]+){{0,4}}[ :,]+(?:{DIGITS})"
)
WISHES = tuple((wish, re.compile(pattern)) for wish, pattern in PATTERNS)
# A reference on its own, or beside a few words: K7Q-4MD, "k7q 4md".
REFERENCE = re.compile(
    r"(?<![A-Za-z0-9])([A-Za-z0-9]{3})[ \-–]?([A-Za-z0-9]{3})(?![A-Za-z0-9])"
)
# "How do I", "by when must I": the articles answer these.
ASKS_HOW = re.compile(
    r"^(?:so |and |but |please )*(?:how|when|by when|until when"
    r"|what (?:if|happens when)|must|may|do|does|is it|are)\b"
)


def read_wish(text: str) -> str:
    """Returns what a typed message asks the desk for; empty if nothing."""
    plain = folded(text)
    if CALL_ON.search(plain):
        return CALL_BACK
    if len(plain.split()) > LONGEST_WISH:
        return ""
    if not ASKS_HOW.match(plain):
        for wish, pattern in WISHES:
            if pattern.search(plain):
                return wish
    return STATUS if _names_reference(text) else ""


def desk_wish(
    message: Mapping[str, Any], thread: Mapping[str, Any] | None, *, sent: bool = False
) -> str:
    """Returns what a message asks the desk for, by button, number, word or intent.

    Args:
        message: what the pipeline understood.
        thread: the slot `thread`: what the last answer has offered.
        sent: a request has been spoken of just before, and may be meant by "it".
    """
    command = _button(message, thread or {})
    if command in DESK_BUTTONS or command.startswith(DESK_PREFIXES):
        return command
    if command:
        return ""
    wish = str(message.get("wish") or "")
    if sent and not wish:
        wish = read_follow_up(str(message.get("text") or ""))
    return wish or BY_INTENT.get(_intent(message), "")


def _button(message: Mapping[str, Any], thread: Mapping[str, Any]) -> str:
    """Returns the button that was tapped, or that "yes" or a number stands for."""
    command = message.get("command") or {}
    offered = thread.get("offered") or ()
    if command.get("name") == "pick":
        number = int(command.get("number") or 0)
        if not offered or abs(number) > len(offered):
            return "pick"
        return _name(str(offered[number - 1 if number > 0 else number]))
    if command:
        return str(command["name"])
    if _intent(message) == "affirm":
        return _name(str(thread.get("yes") or ""))
    return ""


def _name(payload: str) -> str:
    return payload.removeprefix("button:").partition(":")[0]


def _intent(message: Mapping[str, Any]) -> str:
    return str((message.get("intent") or {}).get("name") or "")


def _names_reference(text: str) -> bool:
    found = (read_reference(match[0]) for match in REFERENCE.finditer(text))
    return any(map(is_mixed, found))
