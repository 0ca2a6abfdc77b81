"""Decides what a message about danger leads to in this turn of the conversation."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from addons.safety.asks import GENERAL, Ask
from addons.safety.follow_ups import (
    CARD,
    checked,
    help_answer,
    still_in_need,
    with_card_if_failed,
    without_stale_question,
)
from addons.safety.heard import Escalation, Heard, Raised, Turn
from addons.safety.raising import Raising
from addons.safety.rules import RuleBook
from addons.safety.safety_check import SafetyCheck
from addons.safety.screening import Screening
from addons.safety.state import OpenQuestion, SafetyState
from addons.safety.triage import highest, rank

EMERGENCY = "utter_emergency"
CAN_YOU_GET_HELP = "utter_can_you_get_help"
URGENT = "utter_urgent"
SOON = "utter_soon"
ASK = "utter_ask_"
ASKED_NO = "utter_answered_no"
MEDICINE = "medicine"  # a question about it has words of its own
OTHER = "_other"  # the end of the wording for somebody else's emergency
# The card comes at most once in so many messages.
CARD_PAUSE = 8


class TurnPlanner:
    """Plans turns; knows nothing of Rasa.

    Order: what the message raises by itself, with what was said before, and as a yes
    to an open question; then other answers; then doubts; then the safety check.
    """

    def __init__(
        self, book: RuleBook, screening: Screening, asks: Mapping[str, Ask]
    ) -> None:
        self._rules = {rule.id: rule for rule in book.rules}
        self._check = SafetyCheck(screening)
        self._raising = Raising(book, asks)

    def plan(self, before: SafetyState, heard: Heard, level: str = "none") -> Turn:
        """Returns the turn.

        Args:
            before: the memory of the conversation.
            heard: what the message says.
            level: the highest level of the conversation so far.
        """
        holding = before.screened in ("offered", "running")
        state = replace(
            before,
            turn=before.turn + 1,
            before=(),
            after=(),
            replaces=False,
            held=before.held if holding else {},
        )
        raised = self._raising.flags(state, heard)
        said = (flag.id for flag in raised if flag.status == "present")
        facts = tuple(dict.fromkeys([*state.facts, *heard.signs, *said]))
        state = replace(state, facts=facts)
        gravest = highest(flag.level for flag in raised)
        if waits := still_in_need(state, heard, raised, level):
            return waits
        if rank(gravest) >= max(rank("urgent"), rank(level)):
            return self._alarm(state, raised, heard)
        answered = self._answered(state, heard, level)
        if answered:
            calm = rank(level) < rank("urgent")
            return self._with_soon(answered, raised, heard) if calm else answered
        state = without_stale_question(state)
        if rank(level) >= rank("urgent"):
            return self._in_alarm(state, raised, heard)
        if self._check.is_asking(state):
            turn = Turn(self._check.ask_again(state))
            return self._with_soon(with_card_if_failed(turn, heard), raised, heard)
        if raised:
            return self._note(state, raised, heard)
        if heard.command == "check_me":
            return Turn(self._check.begin(state))
        turn = Turn(self._check.offer(state, heard) or state)
        return with_card_if_failed(turn, heard)

    def _alarm(
        self, state: SafetyState, raised: Sequence[Raised], heard: Heard
    ) -> Turn:
        """An emergency or an urgent matter: its message comes first, and alone."""
        gravest = raised[0]
        counted = [flag for flag in raised if rank(flag.level) > rank("card")]
        ids = tuple(flag.id for flag in counted)
        by_rule = any(f.via == "rule" for f in counted if f.level == gravest.level)
        words = self._raising.words(gravest, heard)
        emergency = gravest.level == "emergency"
        other = heard.about_other or bool(
            state.question and state.question.about_other and not gravest.text
        )
        state = replace(
            state,
            before=(EMERGENCY, CAN_YOU_GET_HELP) if emergency else (URGENT,),
            replaces=True,
            question=OpenQuestion("help", asked=state.turn) if emergency else None,
            denied="",
            screened="done" if state.screened == "running" else state.screened,
            held={},
        )
        return Turn(
            state,
            gravest.level,
            ids,
            self._rules[gravest.id].family + (OTHER if emergency and other else ""),
            words,
            Escalation(gravest.level, ids, "rule" if by_rule else "model", words),
        )

    def _in_alarm(
        self, state: SafetyState, raised: Sequence[Raised], heard: Heard
    ) -> Turn:
        """A lesser matter after a grave one: noted, but nothing takes its place."""
        counted = [flag for flag in raised if rank(flag.level) > rank("check")]
        if not counted:
            return Turn(state)
        ids = tuple(flag.id for flag in counted)
        note = Escalation(counted[0].level, ids, counted[0].via, heard.text)
        return Turn(state, counted[0].level, ids, escalation=note)

    def _note(self, state: SafetyState, raised: Sequence[Raised], heard: Heard) -> Turn:
        """A matter that can wait: the message is answered, and one thing is added."""
        flag = next((f for f in raised if f.id not in state.asked), raised[0])
        if flag.level == "soon" or raised[0].level == "soon":
            return self._with_soon(Turn(state, raised[0].level), raised, heard)
        counts = (flag.id,) if rank(flag.level) > rank("card") else ()
        turn = Turn(state, raised[0].level, counts)
        doubtful = flag.level == "check" or flag.status == "hypothetical"
        if doubtful and flag.id not in state.asked and state.question is None:
            state = replace(
                state,
                after=(ASK + (self._rules[flag.id].asks or GENERAL),),
                asked=(*state.asked, flag.id),
                question=OpenQuestion("flag", flag.id, state.turn, heard.about_other),
            )
            return replace(turn, state=state)
        if state.turn - state.card < CARD_PAUSE:
            return turn
        return replace(turn, state=replace(state, after=(CARD,), card=state.turn))

    def _with_soon(self, turn: Turn, raised: Sequence[Raised], heard: Heard) -> Turn:
        """Adds the offer to book for a matter of level soon that is new."""
        state = turn.state
        new = [
            flag
            for flag in raised  # a yes always counts, though it was asked about before
            if flag.level == "soon" and (flag.id not in state.asked or not flag.text)
        ]
        if not new or turn.cleared or rank(turn.level) > rank("soon"):
            return turn
        ids = tuple(flag.id for flag in new)
        words = self._raising.words(new[0], heard)
        families = [self._rules[flag.id].family for flag in new]
        family = min(families, key=MEDICINE.__eq__)  # anything else goes first
        state = replace(state, asked=(*state.asked, *ids))
        if state.replaces and not self._check.is_asking(state):
            state = replace(state, before=(*state.before, SOON))
        elif not state.replaces:
            state = replace(state, after=(*state.after, SOON))
        note = turn.escalation or Escalation("soon", ids, new[0].via, words)
        turn = replace(turn, state=state, level="soon", flags=(*turn.flags, *ids))
        return replace(turn, family=family, escalation=note)

    def _answered(self, state: SafetyState, heard: Heard, level: str) -> Turn | None:
        """Returns the turn for an answer to a question that waits, if this is one."""
        question, answer = state.question, heard.answer
        if "checked_by_doctor" in (heard.wish, question and question.kind):
            return checked(state, heard, level)
        if question is None:
            return None
        if question.kind == "help":
            return help_answer(state, answer, heard)
        if question.kind == "screening":
            return self._in_check(state, heard.sign_answer, heard)
        if heard.stops and question.kind == "offer":
            return Turn(self._check.refuse(state))
        if question.kind == "flag":
            answer = heard.sign_answer
        if not answer:
            return None
        if question.kind == "offer":
            then = self._check.refuse if answer == "no" else self._check.begin
            return Turn(then(state))
        state = replace(state, question=None)
        if answer == "no":
            state = replace(state, denied=question.flag, before=(ASKED_NO,))
            return Turn(replace(state, replaces=True), "card")
        return Turn(replace(state, replaces=True))  # what it raises is added: soon

    def _in_check(self, state: SafetyState, answer: str, heard: Heard) -> Turn | None:
        if heard.stops:
            state, raised = self._check.stop(state)
        elif heard.reply.changed_to_yes:
            state, raised = self._check.take_back_no(state)
        elif answer:
            state, raised = self._check.answer(state, answer)
        else:
            return None
        if raised and rank(raised[0].level) >= rank("urgent"):
            return self._alarm(state, raised, heard)
        turn = Turn(replace(state, replaces=True) if raised else state)
        return self._with_soon(turn, raised, heard)
