"""What follows an alarm or a failed detector, and when a question is dropped."""

from collections.abc import Sequence
from dataclasses import replace

from addons.safety.heard import Escalation, Heard, Raised, Turn
from addons.safety.state import OpenQuestion, SafetyState
from addons.safety.triage import rank

HELP_IS_COMING = "utter_help_is_coming"
NO_HELP_YET = "utter_no_help_yet"
CHECKED = "utter_checked_by_doctor"
CONFIRM_CHECKED = "utter_confirm_checked"
REMINDERS = {
    "urgent": "utter_urgent_reminder",
    "emergency": "utter_emergency_reminder",
}
CARD = "utter_card"
# It gets the reminder: a cheerful reply would sound as if all were well.
SMALL_TALK = ("greet", "goodbye", "thank")
# A question stays open for this many messages.
PATIENCE = 2


def checked(state: SafetyState, heard: Heard, level: str) -> Turn | None:
    """Returns the turn after a doctor has checked it, if there was an alarm.

    Words are asked about first: "no doctor has checked it" sounds much like it. And
    only a bare yes counts: "yes, I am still waiting for one" does not.
    """
    if rank(level) < rank("urgent"):
        return None
    asked = state.question is not None and state.question.kind == "checked_by_doctor"
    if heard.command == "checked":
        return _cleared(state, heard, level)
    if asked and heard.answer == "yes" and heard.is_short:
        return _cleared(state, heard, level)
    if asked and heard.answer in ("no", "unsure"):
        reminder = REMINDERS[level]
        return Turn(replace(state, question=None, before=(reminder,), replaces=True))
    if heard.wish != "checked_by_doctor" and not (asked and heard.answer):
        return None
    question = OpenQuestion("checked_by_doctor", asked=state.turn)
    return Turn(
        replace(state, before=(CONFIRM_CHECKED,), replaces=True, question=question)
    )


def _cleared(state: SafetyState, heard: Heard, level: str) -> Turn:
    note = Escalation(level, (), "rule", heard.text, event="checked_by_doctor")
    fresh = SafetyState(turn=state.turn, before=(CHECKED,), replaces=True)
    return Turn(fresh, cleared=True, escalation=note)


def help_answer(state: SafetyState, answer: str, heard: Heard) -> Turn | None:
    """Returns the turn for an answer to "Are you able to get that help now?"."""
    if not answer and not heard.reply.no_help:
        return None
    state = replace(state, question=None, replaces=True)
    if answer == "yes" and not heard.reply.no_help:
        return Turn(replace(state, before=(HELP_IS_COMING,)))
    note = Escalation("emergency", (), "rule", heard.text, event="cannot_get_help")
    return Turn(replace(state, before=(NO_HELP_YET,)), escalation=note)


def still_in_need(
    state: SafetyState, heard: Heard, raised: Sequence[Raised], level: str
) -> Turn | None:
    """Returns the turn for what is said around help after an alarm: "nobody comes".

    The statistical layer hears despair in such words; what a rule finds goes first.
    Whoever is on the way to hospital has not been examined.
    """
    grave = [flag for flag in raised if rank(flag.level) > rank("card")]
    if rank(level) < rank("urgent") or any(flag.via == "rule" for flag in grave):
        return None
    if level == "emergency" and heard.reply.no_help:
        return help_answer(state, "", heard)
    if heard.reply.on_way:
        return help_answer(state, "yes", heard)
    if not heard.reply.no_help and (heard.intent not in SMALL_TALK or grave):
        return None
    return Turn(replace(state, before=(REMINDERS[level],), replaces=True))


def with_card_if_failed(turn: Turn, heard: Heard) -> Turn:
    """Shows the card if the detector has failed."""
    if not heard.failed:
        return turn
    state = turn.state
    after = (CARD, *state.after)
    return replace(
        turn, state=replace(state, after=after, card=state.turn), level="card"
    )


def without_stale_question(state: SafetyState) -> SafetyState:
    """Forgets a question that nobody has answered for a while."""
    question = state.question
    if question is None or question.kind == "screening":
        return state
    stale = state.turn - question.asked >= PATIENCE
    return replace(state, question=None) if stale else state
