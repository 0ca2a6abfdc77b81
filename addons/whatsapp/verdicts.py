"""What to do about an error of Meta or Twilio."""

from datetime import timedelta

# Try again soon; wait longer each time; the 24 hours are over; somebody at the clinic
# must act; this one message will never arrive.
RETRY, BACK_OFF, WINDOW = "retry", "back off", "window"
ALERT, REFUSED = "alert", "refused"

META_VERDICTS = {
    **dict.fromkeys(("131047",), WINDOW),
    **dict.fromkeys(("4", "80007", "130429", "131048", "131056", "131064"), BACK_OFF),
    **dict.fromkeys(
        ("1", "2", "131000", "131016", "131057", "133004", "135000"), RETRY
    ),
    # Token, permissions, payment, certificate, restrictions of the account.
    **dict.fromkeys(
        ("0", "3", "10", "33", "190", "368", "130497", "131005", "131031", "131042",
         "131045"),
        ALERT,
    ),
}  # fmt: skip
TWILIO_VERDICTS = {
    "63016": WINDOW,
    **dict.fromkeys(("20429", "63018", "63038", "14107"), BACK_OFF),
    **dict.fromkeys(("20500", "20503", "63012", "30001", "63010"), RETRY),
    **dict.fromkeys(
        ("20003", "20005", "20403", "20404", "63007", "63020", "63051", "30002"),
        ALERT,
    ),
}
# After an alert somebody has to act first: there is no hurry.
PAUSES = {
    RETRY: (timedelta(seconds=1), timedelta(minutes=1)),
    BACK_OFF: (timedelta(seconds=4), timedelta(minutes=5)),
    ALERT: (timedelta(minutes=1), timedelta(minutes=10)),
}


class SendError(Exception):
    """A message was not taken.

    Attributes:
        code: of Meta, Twilio or HTTP, or the kind of the network's trouble.
        verdict: what to do.
    """

    def __init__(self, code: str, verdict: str) -> None:
        super().__init__(f"WhatsApp refuses a message: {code} ({verdict}).")
        self.code = code
        self.verdict = verdict


def meta_verdict(code: str, status: int) -> str:
    """Returns what to do about a code of the Graph API and the status of HTTP."""
    if code in META_VERDICTS:
        return META_VERDICTS[code]
    if code.isdigit() and 200 <= int(code) < 300:
        return ALERT
    return by_status(status)


def twilio_verdict(code: str, status: int) -> str:
    """Returns what to do about a code of Twilio and the status of HTTP."""
    return TWILIO_VERDICTS.get(code) or by_status(status)


def by_status(status: int) -> str:
    """Returns what to do when only the status of HTTP is known."""
    if status == 429:
        return BACK_OFF
    if status in (401, 403):
        return ALERT
    return RETRY if status >= 500 or status < 200 else REFUSED


def pause(verdict: str, attempts: int) -> timedelta | None:
    """Returns how long to wait after so many attempts; None if it is in vain."""
    if verdict not in PAUSES:
        return None
    first, longest = PAUSES[verdict]
    factor = 4 if verdict == BACK_OFF else 2
    times: int = factor ** min(max(attempts - 1, 0), 10)
    return min(first * times, longest)
