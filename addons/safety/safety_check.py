"""The course of the safety check: offered, asked question by question, finished."""

from dataclasses import replace
from typing import Any

from addons.safety.heard import Heard, Raised
from addons.safety.screening import Screening, ScreeningQuestion
from addons.safety.state import OpenQuestion, SafetyState
from addons.safety.triage import rank

OFFER = "utter_screening_offer"
CLEAR = "utter_screening_clear"
NOTHING_HELD = "utter_no_problem"
ANSWER = "action_answer"
BOOKING = "action_book"
PAIN = "spine_pain"
FINISHED = ("running", "done", "refused")


class SafetyCheck:
    """Steps through the questions; what it raises is for the planner to act on."""

    def __init__(self, screening: Screening) -> None:
        self._screening = screening

    def is_asking(self, state: SafetyState) -> bool:
        """Says whether one of its questions waits for an answer."""
        return state.question is not None and state.question.kind == "screening"

    def begin(self, state: SafetyState) -> SafetyState:
        """Asks the first question."""
        return self._ask(replace(state, screened="running", screening={}))

    def ask_again(self, state: SafetyState) -> SafetyState:
        """Repeats the question after something else was answered."""
        return replace(state, after=(self._next(state).response,))

    def offer(self, state: SafetyState, heard: Heard) -> SafetyState | None:
        """Offers the check before what it should come before; the reply is held."""
        if state.screened in FINISHED:
            return None
        held: dict[str, Any]
        if heard.wish in self._screening.before_intents:
            if heard.asks_no_symptoms:
                return None
            # The desk may find a day in it.
            held = {"action": BOOKING, "text": heard.text}
        elif state.screened or PAIN not in state.facts:
            return None
        elif self._screening.before_topics & set(heard.topics):
            held = {"questions": list(heard.questions)}
        elif heard.section in self._screening.before_sections:
            held = {"section": heard.section}
        else:
            return None
        return replace(
            state,
            before=(OFFER,),
            replaces=True,
            screened="offered",
            held=held,
            question=OpenQuestion("offer", asked=state.turn),
        )

    def refuse(self, state: SafetyState) -> SafetyState:
        """Goes on with what was held; the check is not offered again."""
        return _resume(replace(state, screened="refused", question=None))

    def stop(self, state: SafetyState) -> tuple[SafetyState, tuple[Raised, ...]]:
        """Ends the check; what was answered with yes still counts."""
        raised = self._answered(state)
        if not raised:
            return self.refuse(state), ()
        return replace(state, screened="refused", question=None), raised

    def take_back_no(
        self, state: SafetyState
    ) -> tuple[SafetyState, tuple[Raised, ...]]:
        """Turns the latest answer into a yes and asks the open question again."""
        latest = next(reversed(state.screening), "")
        if state.screening.get(latest) != "no":  # there is none to take back
            return self.answer(state, "yes")
        state = replace(state, screening={**state.screening, latest: "yes"})
        question = next(q for q in self._screening.questions if q.name == latest)
        if question.level == "emergency":
            return state, (_raised(question),)
        return self._ask(state), ()

    def answer(
        self, state: SafetyState, answer: str
    ) -> tuple[SafetyState, tuple[Raised, ...]]:
        """Takes an answer; a doubt counts as a yes.

        Returns:
            The state with the next question, and what the check has raised: an
            emergency at once, all else at its end.
        """
        question = self._next(state)
        state = replace(state, screening={**state.screening, question.name: answer})
        if answer != "no" and question.level == "emergency":
            return state, (_raised(question),)
        if len(state.screening) < len(self._screening.questions):
            return self._ask(state), ()
        raised = self._answered(state)
        state = replace(state, screened="done", question=None)
        return (state if raised else _resume(state, CLEAR)), raised

    def _answered(self, state: SafetyState) -> tuple[Raised, ...]:
        """Returns what the answers so far raise, the gravest first."""
        raised = [
            _raised(question)
            for question in self._screening.questions
            if state.screening.get(question.name, "no") != "no"
        ]
        return tuple(sorted(raised, key=lambda flag: -rank(flag.level)))

    def _ask(self, state: SafetyState) -> SafetyState:
        return replace(
            state,
            before=(self._next(state).response,),
            replaces=True,
            question=OpenQuestion("screening", asked=state.turn),
        )

    def _next(self, state: SafetyState) -> ScreeningQuestion:
        return self._screening.questions[len(state.screening)]


def _raised(question: ScreeningQuestion) -> Raised:
    return Raised(question.flag, question.level, "present", "rule", ask=question.name)


def _resume(state: SafetyState, *first: str) -> SafetyState:
    """Goes on with what the check has interrupted."""
    if "action" in state.held:
        then: tuple[str, ...] = (str(state.held["action"]),)
    else:
        then = (ANSWER,) if state.held else ()
    return replace(state, before=(*first, *then) or (NOTHING_HELD,), replaces=True)
