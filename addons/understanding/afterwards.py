"""What a message wants of a request that was sent, or spoken of, just before it.

"Cancel it" and "what happens now?" mean nothing by themselves; then they do.
"""

import re

CANCEL, MOVE, STATUS = "cancel_visit", "move_visit", "status"
ACCEPT = "accept_visit"
CHANGE = "change_visit"
LONGEST = 16
SO = (
    r"^(?:(?:so|and|but|ok|okay|now|then|thanks?|thank you|great|sorry|oh|oops|hi|no"
    r"|actually|please|pls|plz|asb|just|hey)\b[ ,.!]*)*"
)
MAY = (
    SO + r"(?:(?:can|could|may|will) (?:i|we|you|u) (?:please |pls )?"
    r"|i (?:want|need|would like|have|wish) to |i'd like to |rather )*"
)
END = r"(?: (?:please|pls|asb|now|rather|instead|thanks?|thank you))*$"
REQUEST = r"(?:request|booking|appointment|visit)"
IT = rf"(?:it|that|this|(?:my|the|this|that) {REQUEST})"
DAY = r"(?:my |the )?(?:day|date|time)"
THEY = r"(?:they|you|u|some(?:one|body)|the clinic|reception)"
TIME = rf"(?:{IT}|(?:the|that|this) (?:time|day|offer))"
FORMS = (
    (ACCEPT, rf"{SO}(?:yes|ja|yebo|yep|perfect)?(?: please)?[ ,.!]*{TIME}"
             r"(?:'?s| is| will be)? ?(?:suits?(?: me)?|works?(?: for me)?|fine|perfect"
             r"|okay|ok|good|great)(?: with me| for me)?(?: thanks?| thank you)*$"),
    (ACCEPT, rf"{SO}(?:yes[ ,]+)?i(?:'ll| will)? (?:accept|take) {TIME}{END}"),
    (CANCEL, rf"{MAY}(?:cancel|withdraw|scrap|delete|drop|stop)(?: {IT})?{END}"),
    (CANCEL, rf"{SO}i (?:don'?t|do not) (?:need|want) {IT}"
             r"(?: any ?more| now| after all)*$"),
    (MOVE, rf"{MAY}(?:move|reschedule|shift|postpone|push|bring)(?: {IT})?"
           rf"(?: out| forward)?(?: (?:to|till|until)\b.*|{END})"),
    (MOVE, rf"{MAY}(?:change|make|put) (?:{IT}|{DAY})(?: (?:to|for|on))? (?!please)"
           r".*\S$"),
    (MOVE, rf"{MAY}change {DAY}{END}"),
    (MOVE, rf"{MAY}(?:another|a different|different|other) (?:day|date|time)\b.*$"),
    (MOVE, rf"{SO}(?:can|could|may) (?:i|we) (?:rather )?come .+$"),
    (CHANGE, rf"{MAY}(?:change|edit|correct|fix|update)"
             rf"(?: {IT}| something| (?:my|the) (?:name|number|phone|note)\b.*)?{END}"),
    (CHANGE, rf"{SO}(?:i (?:made|typed|gave) (?:you )?(?:a |the )?(?:mistake|wrong)"
             r"|(?:that was the )?wrong (?:name|number|day)).*$"),
    (STATUS, rf"{SO}(?:what|wat)(?:'?s| is)? ?(?:happens?|will happen|next|now|gebeur"
             r"|(?:do|must|should) i do)(?: (?:now|next|nou|from here|then))*$"),
    (STATUS, rf"{SO}(?:is|was|has) (?:{IT}|my time|everything)(?: been)? (?:confirmed"
             r"|booked|approved|done|final|fixed|set|accepted|sent|received|through|ok)"
             r"(?: yet| now| already| or not)*$"),
    (STATUS, rf"{SO}did (?:{IT}|{THEY}) (?:go through|send|arrive"
             r"|get (?:it|my request))$"),
    (STATUS, rf"{SO}am i (?:booked|confirmed|in|done)(?: now| then| in| yet)*$"),
    (STATUS, rf"{SO}when (?:will|do|does|can) (?:{THEY}|i) (?:call|phone|contact|answer"
             r"|reply|get|hear|know|let)\b.*$"),
    (STATUS, rf"{SO}will {THEY} (?:call|phone|contact)(?: me)?(?: back)?.*$"),
)  # fmt: skip
WISHES = tuple((wish, re.compile(form)) for wish, form in FORMS)


def read_follow_up(text: str) -> str:
    """Returns what a message wants of the request; empty if nothing."""
    plain = folded(text)
    if len(plain.split()) > LONGEST:
        return ""
    return next((wish for wish, form in WISHES if form.search(plain)), "")


def folded(text: str) -> str:
    """Returns a text in lower case with single spaces, without marks at its ends."""
    return " ".join(text.replace("’", "'").lower().split()).strip(" .!?")
