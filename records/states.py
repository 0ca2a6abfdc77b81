"""The states of an appointment request, and the steps between them."""

from records.errors import IllegalMoveError

REQUESTED = "requested"
PROPOSED = "proposed"
CONFIRMED = "confirmed"
DECLINED = "declined"
CANCELLED = "cancelled"
EXPIRED = "expired"
ATTENDED = "attended"
NO_SHOW = "no_show"
# A call back was asked for, and made.
CALLED = "called"

# State -> step -> next state. What is not here is refused.
STEPS: dict[str, dict[str, str]] = {
    REQUESTED: {
        "propose": PROPOSED,
        "confirm": CONFIRMED,
        "decline": DECLINED,
        "cancel": CANCELLED,
        "move": REQUESTED,
        "expire": EXPIRED,
        "claim": REQUESTED,
        "call": CALLED,
    },
    PROPOSED: {
        "propose": PROPOSED,
        "confirm": CONFIRMED,
        "decline": DECLINED,
        "cancel": CANCELLED,
        "move": REQUESTED,
        "expire": EXPIRED,
        "claim": PROPOSED,
    },
    CONFIRMED: {
        # Again with another time: the clinic moves the appointment.
        "confirm": CONFIRMED,
        "cancel": CANCELLED,
        "move": REQUESTED,
        "attend": ATTENDED,
        "miss": NO_SHOW,
        "claim": CONFIRMED,
    },
    # The two may be mixed up by a slip of the finger.
    ATTENDED: {"miss": NO_SHOW},
    NO_SHOW: {"attend": ATTENDED},
    DECLINED: {},
    CANCELLED: {},
    EXPIRED: {},
    CALLED: {},
}
STATES = tuple(STEPS)
# Somebody still waits for somebody.
WAITING = (REQUESTED, PROPOSED, CONFIRMED)


def after(state: str, step: str) -> str:
    """Returns the state that a step leads to.

    Raises:
        IllegalMoveError: the step is not possible in this state.
    """
    possible = STEPS.get(state, {})
    if step not in possible:
        raise IllegalMoveError(state, step, tuple(possible))
    return possible[step]
