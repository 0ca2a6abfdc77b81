"""The templates, and what all of them know."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from documents.facts import Facts
from staff import words
from staff.words import Clock

FOLDER = Path(__file__).with_name("templates")


def environment(facts: Facts, clock: Clock, now: Callable[[], datetime]) -> Environment:
    """Returns templates that escape every value."""
    made = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals.update(
        clinic=facts.get("name"),
        zone=clock.zone.key,
        phone=facts.get("phone.reception"),
        now=now,
        words=words,
        reasons=words.REASONS,
    )
    made.filters.update(
        when=clock.when,
        clock=clock.time,
        day=clock.day,
        waited=lambda since: words.waited(now() - since),
        state=lambda code: words.plain(code, words.STATES),
        level=lambda code: words.plain(code, words.LEVELS),
        done=lambda code: words.plain(code, words.DONE),
        event=lambda code: words.plain(code, words.EVENTS),
        outcome=lambda code: words.plain(code, words.OUTCOMES),
        for_whom=lambda code: words.plain(code, words.FOR_WHOM),
        visit=lambda code: words.plain(code, words.VISITS),
        who=words.who,
        name=words.name,
        detail=words.detail,
    )
    return made
