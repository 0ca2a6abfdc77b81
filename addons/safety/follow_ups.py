"""What follows an alarm or a failed detector, and when a question is dropped."""

from dataclasses import replace

from addons.safety.heard import Escalation, Heard, Turn
from addons.safety.state import SafetyState
from addons.safety.triage import rank

HELP_IS_COMING = "utter_help_is_coming"
NO_HELP_YET = "utter_no_help_yet"
CHECKED = "utter_checked_by_doctor"
CARD = "utter_card"
# A question stays open for this many messages.
PATIENCE = 2


def checked(state: SafetyState, heard: Heard, level: str) -> Turn | None:
    """Returns the turn after a doctor has checked it, if there was an alarm."""
    if rank(level) < rank("urgent"):
        return None
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
