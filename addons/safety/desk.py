"""Lets an open booking go on after questions about danger have been answered."""

from dataclasses import replace

from addons.safety.follow_ups import HELP_IS_COMING, NO_HELP_YET
from addons.safety.heard import Turn
from addons.safety.safety_check import BOOKING
from addons.safety.triage import rank
from addons.safety.turns import EMERGENCY, URGENT

# These come alone: nothing may follow them.
ALONE = frozenset({EMERGENCY, URGENT, HELP_IS_COMING, NO_HELP_YET})


def then_resume(turn: Turn, level: str) -> Turn:
    """Adds the booking's open question to a turn that would leave it out.

    Args:
        turn: the turn as it is planned.
        level: the highest level of the conversation before it.
    """
    state = turn.state
    waits = state.question is not None or BOOKING in state.before
    if not state.replaces or waits or ALONE & set(state.before):
        return turn
    if not turn.cleared and rank(level) >= rank("emergency"):
        return turn
    return replace(turn, state=replace(state, before=(*state.before, BOOKING)))
