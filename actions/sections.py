"""Replies that tell a section of an article, part by part."""

from dataclasses import replace

from actions.replies import Button, Reply, Turn
from actions.thread import Thread
from documents.articles import Section
from documents.library import Library

BOOK = "button:book"
MOST_RELATED = 2


class SectionTeller:
    """Tells sections answer first, then more of them, and offers related ones."""

    def __init__(self, library: Library) -> None:
        self._library = library

    def answer(self, address: str) -> Turn:
        """Tells the answer of a section, with buttons for what may come next."""
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

    def more(self, address: str, part: int, thread: Thread) -> Turn:
        """Tells one further part of a section, or that there is no more."""
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
