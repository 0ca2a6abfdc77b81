"""How the console names states, levels, steps and times."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from documents.facts import Facts
from records.requests import NO_NAME

STATES = {
    "requested": "Waiting for us",
    "proposed": "Waiting for the patient",
    "confirmed": "Confirmed",
    "declined": "Declined",
    "cancelled": "Cancelled",
    "expired": "Expired",
    "attended": "Attended",
    "no_show": "Did not come",
    "called": "Called back",
}
LEVELS = {
    "emergency": "Emergency",
    "urgent": "Urgent",
    "soon": "Soon",
    "check": "To check",
    "card": "Routine",
    "none": "Routine",
}
# What was done, in the past tense: for the history and the audit trail.
DONE = {
    "submit": "Request received",
    "propose": "Time proposed",
    "confirm": "Time confirmed",
    "decline": "Declined",
    "decline_reason": "Reason for declining",
    "cancel": "Cancelled",
    "cancel_reason": "Reason for cancelling",
    "move": "Another time asked for",
    "attend": "Marked as attended",
    "miss": "Marked as did not come",
    "call": "Patient called back",
    "claim": "Claimed or given back",
    "expire": "Expired",
    "view": "Record viewed",
    "view_conversation": "Conversation read",
    "view_alarm": "Alarm viewed",
    "view_list": "List viewed",
    "view_search": "Search used",
    "view_questions": "Unanswered questions read",
    "clear_alarm": "Red flag cleared",
    "export": "Data exported",
    "suggest": "Example drafted",
    "log_in": "Logged in",
    "log_out": "Logged out",
    "create_staff": "Account made",
    "set_password": "Password changed",
    "deactivate_staff": "Account closed",
    "activate_staff": "Account opened again",
    "set_role": "Role changed",
    "forget": "Data deleted",
    "end_trouble": "Message trouble dealt with",
}
EVENTS = {
    "raised": "Danger noticed",
    "cannot_get_help": "Patient cannot get help",
    "checked_by_doctor": "Patient says a doctor has checked it",
}
FOR_WHOM = {
    "self": "The patient",
    "child": "A child",
    "other": "Someone else",
}
VISITS = {
    "first": "First visit",
    "follow_up": "Follow-up visit",
    "home": "Home visit",
    "online": "Video visit",
    "call_back": "Call back",
    "not_said": "Not said",
}
HOW = {"phone": "By telephone", "walk_in": "At the desk"}
PARTS = {
    "": "Any time",
    "morning": "Morning",
    "afternoon": "Afternoon",
    "evening": "Evening",
}
OUTCOMES = {
    "answered": "Answered",
    "answer": "Answered",
    "search": "Answered from a search",
    "choose": "Choice offered",
    "offered": "Choice offered",
    "unknown": "Not answered",
    "unanswered": "Not answered",
    "complain": "Patient was not content",
    "escalated": "Escalated",
}
# Fixed, as the audit trail keeps them for ever and must hold nothing personal.
REASONS = (
    "No time that suits",
    "We do not offer this",
    "Needs a doctor first",
    "Patient could not be reached",
    "Patient does not want it any more",
    "Sent twice",
    "Test or misuse",
)


def plain(code: str, names: Mapping[str, str]) -> str:
    """Returns the name of a code, or the code itself in a readable form."""
    return names.get(code) or code.replace("_", " ").strip().capitalize()


def name(typed: str) -> str:
    """Returns a patient's name; a mark stands for one that was not given."""
    return "Name not given" if typed == NO_NAME else typed


def time_title(state: str, *, was_confirmed: bool) -> str:
    """Returns what the time of a request is: an offer, or agreed on."""
    if state == "proposed":
        return "Offered, not accepted yet"
    if state == "requested" and was_confirmed:
        return "Confirmed before, held until you act"
    return "Time" if was_confirmed else "Offered before, not accepted"


def who(actor: str) -> str:
    """Returns an actor of the audit trail in words."""
    known = {"patient": "The patient", "program": "The program"}
    return known.get(actor) or actor.removeprefix("staff:")


def detail(text: str) -> str:
    """Returns the detail of a line of the audit trail, with states in words."""
    before, arrow, after = text.partition(" > ")
    if not arrow:
        return text
    return f"{plain(before, STATES).lower()}, then {plain(after, STATES).lower()}"


def waited(time: timedelta) -> str:
    """Returns how long something has waited, in two units at most."""
    minutes = max(0, int(time.total_seconds() // 60))
    days, rest = divmod(minutes, 24 * 60)
    hours, minutes = divmod(rest, 60)
    if days:
        return f"{_count(days, 'day')} {hours} h" if hours else _count(days, "day")
    return f"{hours} h {minutes} min" if hours else f"{minutes} min"


def _count(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}s"


class Clock:
    """Writes moments as the clinic's clock shows them."""

    def __init__(self, zone: ZoneInfo) -> None:
        self.zone = zone

    def local(self, moment: datetime) -> datetime:
        """Returns a moment in the clinic's time zone."""
        return moment.astimezone(self.zone)

    def when(self, moment: datetime) -> str:
        """Returns such as `Mon 2 Mar 2026, 11:00`."""
        local = self.local(moment)
        return f"{local:%a} {local.day} {local:%b %Y, %H:%M}"

    def time(self, moment: datetime) -> str:
        """Returns such as `11:00`."""
        return f"{self.local(moment):%H:%M}"

    @staticmethod
    def day(day: date) -> str:
        """Returns such as `Mon 2 Mar 2026`."""
        return f"{day:%a} {day.day} {day:%b %Y}"


def practitioners(facts: Facts) -> tuple[str, ...]:
    """Returns the names under `team` of `clinic.yml`, in order, each once."""
    listed = facts.get("team.practitioners")
    text = listed or f"{facts.get('team.women')}, {facts.get('team.men')}"
    names = (name.strip() for name in text.replace(" and ", ", ").split(","))
    return tuple(dict.fromkeys(n for n in names if n and n.lower() != "none"))
