"""Tells patients what is kept about them, and deletes it if they say so twice."""

from dataclasses import dataclass

from actions.booking.errors import NotWrittenError
from actions.booking.submit import unhurried
from actions.replies import Reply
from records.audit import PATIENT
from records.privacy import Known, Privacy

KNOWN = "known"
FORGET = "forget"


@dataclass(frozen=True)
class PrivacyTurn:
    """What a message about privacy leads to.

    Attributes:
        open: whether a yes or no is waited for.
        forgotten: whether the conversation must forget what it holds.
    """

    replies: tuple[Reply, ...]
    open: bool = False
    forgotten: bool = False


class PrivacyDesk:
    """Answers "what do you know about me" and "delete my data"."""

    def __init__(self, privacy: Privacy) -> None:
        self._privacy = privacy

    async def known(self, conversation: str, *, days: str, booking_days: str) -> Reply:
        """Returns what is kept about this conversation."""
        try:
            known = await unhurried(self._privacy.known, conversation)
        except NotWrittenError:
            return Reply("utter_privacy_failed")
        values = {
            "messages": str(known.messages),
            "questions": str(known.questions),
            "notes": str(known.escalations),
            "days": days,
            "booking_days": booking_days,
            "references": _references(known),
        }
        if known.requests:
            return Reply("utter_privacy_known_requests", values)
        return Reply("utter_privacy_known", values)

    def ask(self) -> PrivacyTurn:
        """Asks whether all is to be deleted."""
        return PrivacyTurn((Reply("utter_privacy_forget_sure"),), open=True)

    async def answer(self, answer: str, conversation: str) -> PrivacyTurn:
        """Deletes after a yes; anything but a yes or a no is asked once more."""
        if answer == "no":
            return PrivacyTurn((Reply("utter_privacy_kept"),))
        if answer != "yes":
            return self.ask()
        try:
            done = await unhurried(self._privacy.forget, conversation, actor=PATIENT)
        except NotWrittenError:
            return PrivacyTurn((Reply("utter_privacy_failed"),), open=True)
        if done.kept:
            values = {"references": ", ".join(done.kept)}
            reply = Reply("utter_privacy_forgotten_but", values)
            return PrivacyTurn((reply,), forgotten=True)
        return PrivacyTurn((Reply("utter_privacy_forgotten"),), forgotten=True)


def _references(known: Known) -> str:
    return ", ".join(request.reference for request in known.requests)
