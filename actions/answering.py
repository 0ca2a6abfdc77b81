"""Decides what to reply to an understood message; knows nothing of Rasa."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from actions.replies import Button, Reply, Turn, Unanswered
from actions.thread import Thread
from documents.articles import Section
from documents.library import Library

BOOK = "button:book"
CALL_BACK = "button:call_back"
PERSON = "button:person"
NONE_OF_THESE = "button:none"
MOST_RELATED = 2
OFF_TOPIC = "out_of_scope_far"
BUTTON_RESPONSES = {
    "book": "utter_book_appointment",
    "call_back": "utter_call_back",
    "person": "utter_ask_for_human",
}
REQUEST_RESPONSES = {
    "book_appointment": "utter_book_appointment",
    "ask_for_human": "utter_ask_for_human",
}


class Answerer:
    """Replies from the library to questions, taps and short follow-ups."""

    def __init__(self, library: Library) -> None:
        self._library = library

    def reply(self, message: Mapping[str, Any], thread: Thread) -> Turn:
        """Returns the turn for Rasa's `latest_message`."""
        intent = (message.get("intent") or {}).get("name") or ""
        command = message.get("command") or {}
        questions = message.get("questions") or []
        if command:
            return self._obey(command, thread)
        if intent == "tell_more":
            return self._more(thread.section, thread.part + 1, thread)
        if intent == "none_of_these":
            return self._none_of_these(thread)
        if intent == "affirm":
            return self._affirm(thread)
        if intent == "deny":
            return self._deny(thread)
        if intent == "complain":
            return self._complain(str(message.get("text") or ""), thread)
        if questions:
            return self._answer(questions, intent, thread)
        return Turn((Reply("utter_what_would_you_like"),), Thread())

    def _answer(
        self, questions: Sequence[Mapping[str, Any]], intent: str, thread: Thread
    ) -> Turn:
        if len(questions) == 1:
            return self._answer_one(questions[0], intent, thread)
        turns = [self._answer_one(q, "faq", thread) for q in questions]
        sources = [turn.source for turn in turns if turn.source]
        return Turn(
            replies=tuple(reply for turn in turns for reply in turn.replies),
            thread=turns[-1].thread,
            source=sources[-1] if sources else None,
            unanswered=tuple(u for turn in turns for u in turn.unanswered),
        )

    def _answer_one(
        self, question: Mapping[str, Any], intent: str, thread: Thread
    ) -> Turn:
        outcome, options = question["outcome"], question["options"]
        passages = tuple(
            p["section"]
            for p in question["passages"]
            if self._library.has(p["section"])
        )
        if outcome == "intent":
            return Turn((Reply(REQUEST_RESPONSES[options[0]]),), Thread())
        sections = [
            address
            for address in map(self._library.section_of_topic, options)
            if address is not None
        ]
        if outcome == "answer" and sections:
            return self._section(sections[0])
        if outcome == "search" and passages:
            return self._section(passages[0])
        if outcome == "choose" and sections:
            return self._choose(str(question["text"]), sections, passages)
        return self._unknown(str(question["text"]), intent)

    def _section(self, address: str) -> Turn:
        section = self._library.section(address)
        has_more = len(section.parts) > 1
        reply = Reply(
            "utter_answer" if has_more else "utter_answer_complete",
            {"answer": section.answer, **_labels(section), "next_part": "1"},
            self._related(section),
        )
        own = (_more_payload(address, 1), BOOK) if has_more else (BOOK,)
        return Turn(
            (reply,),
            Thread(
                section=address,
                offered=own + tuple(b.payload for b in reply.buttons),
                yes=own[0] if has_more else "",
            ),
            source=address,
        )

    def _more(self, address: str, part: int, thread: Thread) -> Turn:
        if not self._library.has(address):
            return Turn((Reply("utter_what_would_you_like"),), Thread())
        section = self._library.section(address)
        if part >= len(section.parts):
            buttons = self._related(section)
            reply = Reply("utter_no_more", _labels(section), buttons)
            offered = (BOOK, *(b.payload for b in buttons))
            remembered = replace(thread, section=address, offered=offered, yes="")
            return Turn((reply,), remembered, source=address)
        last = part == len(section.parts) - 1
        buttons = self._related(section) if last else ()
        reply = Reply(
            "utter_more_last" if last else "utter_more",
            {
                "part": section.parts[part],
                **_labels(section),
                "next_part": str(part + 1),
            },
            buttons,
        )
        own = BOOK if last else _more_payload(address, part + 1)
        return Turn(
            (reply,),
            Thread(
                section=address,
                part=part,
                offered=(own, *(b.payload for b in buttons)),
                yes="" if last else own,
            ),
            source=address,
        )

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
            unanswered=(Unanswered(question, intent or "unknown"),),
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
            return self._section(rest[0])
        if not thread.question:
            return Turn((Reply("utter_what_would_you_like"),), Thread())
        return self._unknown(thread.question, "none_of_these")

    def _affirm(self, thread: Thread) -> Turn:
        command = _command_of(thread.yes)
        if command:
            return self._obey(command, thread)
        if thread.offered and NONE_OF_THESE in thread.offered:
            return self._repeat_options(thread)
        return Turn((Reply("utter_what_would_you_like"),), thread)

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
            return self._section(address)
        if name == "none":
            return self._none_of_these(thread)
        if name in BUTTON_RESPONSES:
            return Turn((Reply(BUTTON_RESPONSES[name]),), Thread())
        return Turn((Reply("utter_what_would_you_like"),), Thread())

    def _pick(self, number: int, thread: Thread) -> Turn:
        index = number - 1 if number > 0 else number
        choices = [payload for payload in thread.offered if payload != NONE_OF_THESE]
        wanted = choices if number < 0 else thread.offered
        if not wanted:
            return Turn((Reply("utter_what_would_you_like"),), Thread())
        if index >= len(wanted):
            return self._repeat_options(thread)
        return self._obey(_command_of(wanted[index]) or {"name": "none"}, thread)

    def _repeat_options(self, thread: Thread) -> Turn:
        buttons = tuple(
            Button(self._library.section(address).title, payload)
            for payload in thread.offered
            if self._library.has(address := payload.partition("section:")[2])
        )
        return Turn((Reply("utter_which_one", {}, buttons),), thread)

    def _related(self, section: Section) -> tuple[Button, ...]:
        return tuple(
            Button(self._library.section(address).title, f"button:section:{address}")
            for address in section.related[:MOST_RELATED]
        )


def _labels(section: Section) -> dict[str, str]:
    return {
        "article": section.article,
        "title": section.title,
        "address": section.address,
    }


def _more_payload(address: str, part: int) -> str:
    return f"button:more:{address}:{part}"


def _command_of(payload: str) -> dict[str, Any] | None:
    """Returns the command of a button that this module itself has offered."""
    if not payload.startswith("button:"):
        return None
    name, _, rest = payload.removeprefix("button:").partition(":")
    address, _, number = rest.partition(":")
    return {"name": name, "address": address, "number": int(number or 0)}
