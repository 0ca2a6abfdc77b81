"""Decides what to reply to an understood message; knows nothing of Rasa."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from actions.offers import (
    BUTTON_RESPONSES,
    CALL_BACK,
    REQUEST_RESPONSES,
    request,
    with_offer,
)
from actions.reminders import REMINDERS, STILL_SENT
from actions.replies import Button, Reply, Turn, Unanswered
from actions.sections import BOOK, SectionTeller
from actions.thread import Thread
from documents.library import Library

PERSON = "button:person"
NONE_OF_THESE = "button:none"
# The buttons of utter_what_would_you_like and utter_greet, so that "2" means one.
QUICK_START = (
    "button:section:back-muscle-spasm#spasm-or-strain",
    "button:section:back-muscle-spasm#what-to-do",
    "button:section:back-muscle-spasm#recovery-time",
    "button:section:our-clinic#opening-hours",
)
# A question this short takes its subject from the conversation.
SHORT_QUESTION_WORDS = 6
OFF_TOPIC = "out_of_scope_far"
# How a question that nothing answers is recorded, by the intent it came with.
UNKNOWN = {"faq": "unknown", "": "unknown"}


class Answerer:
    """Replies from the library to questions, taps and short follow-ups."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._sections = SectionTeller(library)

    def reply(
        self, message: Mapping[str, Any], thread: Thread, *, level: str = "none"
    ) -> Turn:
        """Returns the turn for Rasa's `latest_message`.

        Args:
            message: what the pipeline understood.
            thread: what the conversation is about.
            level: the highest level of danger in this conversation; from urgent on no
                advice is given, only facts about the clinic.
        """
        turns = self._reply(message, thread)
        if level in REMINDERS:
            turns = [self._without_advice(turn, level) for turn in turns]
        return _joined(turns)

    def _without_advice(self, turn: Turn, level: str) -> Turn:
        if turn.source and not self._library.section(turn.source).advice:
            return turn
        harmless = {reply.response for reply in turn.replies} <= STILL_SENT[level]
        if harmless:
            return turn
        return Turn((REMINDERS[level],), Thread(), unanswered=turn.unanswered)

    def _reply(self, message: Mapping[str, Any], thread: Thread) -> list[Turn]:
        intent = (message.get("intent") or {}).get("name") or ""
        command = message.get("command") or {}
        questions = message.get("questions") or []
        if command:
            return [self._obey(command, thread)]
        if intent == "tell_more":
            return [self._more(thread.section, thread.part + 1, thread)]
        if intent == "none_of_these":
            return [self._none_of_these(thread)]
        if intent == "affirm":
            return [self._affirm(thread)]
        if intent == "deny":
            return [self._deny(thread)]
        if intent == "complain":
            return [self._complain(str(message.get("text") or ""), thread)]
        if questions:
            return [self._answer(q, intent, thread.section) for q in questions]
        return [_what_would_you_like()]

    def _answer(self, question: Mapping[str, Any], intent: str, before: str) -> Turn:
        outcome, options = question["outcome"], question["options"]
        passages = tuple(
            p["section"]
            for p in question["passages"]
            if self._library.has(p["section"])
        )
        if outcome == "intent":
            return request(REQUEST_RESPONSES[options[0]])
        sections = [
            address
            for address in map(self._library.section_of_topic, options)
            if address is not None
        ]
        if outcome == "answer" and sections:
            address = sections[0]
            if len(str(question["text"]).split()) <= SHORT_QUESTION_WORDS:
                article = before.partition("#")[0]
                address = self._library.counterpart(address, article)
            return with_offer(self._sections.answer(address), options[0])
        if outcome == "search" and passages:
            return self._sections.answer(passages[0])
        if outcome == "choose" and sections:
            return self._choose(str(question["text"]), sections, passages)
        return self._unknown(str(question["text"]), intent)

    def _more(self, address: str, part: int, thread: Thread) -> Turn:
        if not self._library.has(address):
            return _what_would_you_like()
        return self._sections.more(address, part, thread)

    def _choose(
        self, question: str, sections: Sequence[str], passages: tuple[str, ...]
    ) -> Turn:
        buttons = tuple(
            Button(self._library.section(address).title, f"button:section:{address}")
            for address in dict.fromkeys(sections)
        )
        values = {f"option_{i}": b.title for i, b in enumerate(buttons, start=1)}
        values |= {f"payload_{i}": b.payload for i, b in enumerate(buttons, start=1)}
        return Turn(
            (Reply(f"utter_did_you_mean_{len(buttons)}", values),),
            Thread(
                offered=(*(b.payload for b in buttons), NONE_OF_THESE),
                yes=buttons[0].payload if len(buttons) == 1 else "",
                question=question,
                passages=passages,
            ),
            unanswered=(Unanswered(question, "choose", tuple(sections)),),
        )

    def _unknown(self, question: str, intent: str) -> Turn:
        response = "utter_off_topic" if intent == OFF_TOPIC else "utter_cannot_answer"
        return Turn(
            (Reply(response),),
            Thread(offered=(BOOK, CALL_BACK), yes=BOOK, question=question),
            unanswered=(Unanswered(question, UNKNOWN.get(intent, intent)),),
        )

    def _none_of_these(self, thread: Thread) -> Turn:
        """Goes on to what search found, leaving out what was just offered."""
        shown = {payload.partition("section:")[2] for payload in thread.offered}
        rest = [
            address
            for address in thread.passages
            if address not in shown and self._library.has(address)
        ]
        if rest:
            return self._sections.answer(rest[0])
        if not thread.question:
            return _what_would_you_like()
        return self._unknown(thread.question, "none_of_these")

    def _affirm(self, thread: Thread) -> Turn:
        if thread.yes:
            return self._obey(_command_of(thread.yes), thread)
        if NONE_OF_THESE in thread.offered:
            return self._repeat_options(thread)
        return _what_would_you_like()

    def _deny(self, thread: Thread) -> Turn:
        if NONE_OF_THESE in thread.offered:
            return self._none_of_these(thread)
        return Turn((Reply("utter_no_problem"),), Thread(section=thread.section))

    def _complain(self, text: str, thread: Thread) -> Turn:
        about = (thread.section,) if thread.section else ()
        return Turn(
            (Reply("utter_complaint"),),
            Thread(offered=(PERSON, BOOK), question=text),
            unanswered=(Unanswered(text, "complain", about),),
        )

    def _obey(self, command: Mapping[str, Any], thread: Thread) -> Turn:
        name, address = str(command["name"]), str(command.get("address") or "")
        number = int(command.get("number") or 0)
        if name == "pick":
            return self._pick(number, thread)
        if name == "more":
            return self._more(address, number, thread)
        if name == "section" and self._library.has(address):
            return self._sections.answer(address)
        if name == "none":
            return self._none_of_these(thread)
        if name in BUTTON_RESPONSES:
            return request(BUTTON_RESPONSES[name])
        return _what_would_you_like()

    def _pick(self, number: int, thread: Thread) -> Turn:
        offered = thread.offered or QUICK_START
        if number > len(offered):
            return self._repeat_options(thread)
        if number < 0:  # "the last one" of the options, not "none of these"
            choices = [payload for payload in offered if payload != NONE_OF_THESE]
            return self._obey(_command_of(choices[number]), thread)
        return self._obey(_command_of(offered[number - 1]), thread)

    def _repeat_options(self, thread: Thread) -> Turn:
        buttons = tuple(
            Button(self._library.section(address).title, payload)
            for payload in thread.offered
            if self._library.has(address := payload.partition("section:")[2])
        )
        if not buttons:
            return _what_would_you_like()
        offered = tuple(button.payload for button in buttons)
        return Turn(
            (Reply("utter_which_one", {}, buttons),), replace(thread, offered=offered)
        )


def _joined(turns: Sequence[Turn]) -> Turn:
    """Makes one turn of the answers to several questions, in order."""
    sources = [turn.source for turn in turns if turn.source]
    replies = (reply for turn in turns for reply in turn.replies)
    return Turn(
        replies=tuple(_without_repeats(replies)),
        thread=turns[-1].thread,
        source=sources[0] if sources else None,
        unanswered=tuple(u for turn in turns for u in turn.unanswered),
    )


def _without_repeats(replies: Iterable[Reply]) -> list[Reply]:
    kept: list[Reply] = []
    for reply in replies:
        if reply not in kept:
            kept.append(reply)
    return kept


def _command_of(payload: str) -> dict[str, Any]:
    """Returns the command of a button that was offered."""
    name, _, rest = payload.removeprefix("button:").partition(":")
    address, _, number = rest.partition(":")
    return {"name": name, "address": address, "number": int(number or 0)}


def _what_would_you_like() -> Turn:
    return Turn((Reply("utter_what_would_you_like"),), Thread(offered=QUICK_START))
