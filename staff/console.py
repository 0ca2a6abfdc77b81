"""What the pages of the console work with."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cached_property, lru_cache
from pathlib import Path

from argon2 import PasswordHasher
from jinja2 import Environment

from actions.booking.opening import Opening
from actions.booking.phones import PhoneBook
from documents.facts import Facts
from documents.library import CLINIC_FOLDER
from documents.topics import read_topics
from records.alarms import Alarms
from records.appointments import AppointmentBook
from records.asked import AskedCounts, OpenQuestions
from records.audit import AuditTrail
from records.columns import utc_now
from records.desk import Desk
from records.ratings import Ratings
from records.staff import StaffBook
from records.troubles import Troubles
from staff import labels, words
from staff.alarm_lookup import AlarmLookup
from staff.dialogue import Dialogue
from staff.ending import Endings
from staff.free_times import Diary
from staff.guard import LoginGuard
from staff.overdue import ALLOWED, Overdue
from staff.settings import Settings
from staff.suggestions import Suggestions
from staff.templating import environment
from staff.transcripts import Transcripts
from staff.views import ListViews
from staff.words import Clock

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Console:
    """The records, the clinic's facts and the templates, opened once."""

    settings: Settings
    facts: Facts
    opening: Opening
    clock: Clock
    now: Callable[[], datetime]
    templates: Environment
    desk: Desk
    book: AppointmentBook
    endings: Endings
    diary: Diary
    overdue: Overdue
    alarms: Alarms
    alarm_lookup: AlarmLookup
    phones: PhoneBook
    trail: AuditTrail
    staff: StaffBook
    guard: LoginGuard
    counts: AskedCounts
    questions: OpenQuestions
    ratings: Ratings
    transcripts: Transcripts
    troubles: Troubles
    topics: tuple[tuple[str, str], ...]
    allowed: Mapping[str, timedelta] = field(default_factory=lambda: ALLOWED)

    @classmethod
    def build(
        cls,
        url: str | None = None,
        *,
        settings: Settings = Settings(),  # noqa: B008  frozen
        folder: Path = CLINIC_FOLDER,
        conversations: str | None = None,
        now: Callable[[], datetime] = utc_now,
        hasher: PasswordHasher | None = None,
    ) -> "Console":
        """Returns a console for a clinic's folder and its database.

        Raises:
            DocumentError: a fact of `clinic.yml` cannot be used.
        """
        facts = Facts.from_file(folder / "clinic.yml")
        opening = Opening.from_facts(facts)
        clock = Clock(opening.zone)
        phones = PhoneBook.from_facts(facts)
        return cls(
            settings=settings,
            facts=facts,
            opening=opening,
            clock=clock,
            now=now,
            templates=environment(facts, clock, now),
            desk=Desk(url),
            book=AppointmentBook(url, clock=now),
            endings=Endings(url, clock=now),
            diary=Diary(url),
            overdue=Overdue(url),
            alarms=Alarms(url),
            alarm_lookup=AlarmLookup(url, phones),
            phones=phones,
            trail=AuditTrail(url),
            staff=StaffBook(url, clock=now, hasher=hasher),
            guard=LoginGuard(url),
            counts=AskedCounts(url),
            questions=OpenQuestions(url),
            ratings=Ratings(url, clock=now),
            transcripts=Transcripts(conversations),
            troubles=Troubles(url),
            topics=_topics(folder),
        )

    @cached_property
    def practitioners(self) -> tuple[str, ...]:
        """Who can give a visit."""
        return words.practitioners(self.facts)

    @property
    def flags(self) -> Mapping[str, str]:
        """The condition behind each red flag."""
        return labels.flags()

    @property
    def screening(self) -> Mapping[str, str]:
        """What the safety check asks."""
        return labels.screening()

    @cached_property
    def views(self) -> ListViews:
        """Who has looked at which list."""
        return ListViews(self.trail)

    @cached_property
    def dialogue(self) -> Dialogue:
        """The dialogue server."""
        return Dialogue(self.settings.dialogue_url, self.settings.dialogue_token)

    @cached_property
    def suggestions(self) -> Suggestions:
        """Drafts for the content editor."""
        return Suggestions(self.settings.suggestions)

    def begin_of(self, day: date) -> datetime:
        """Returns the first moment of a day at the clinic."""
        return datetime.combine(day, time(), self.clock.zone)


@lru_cache(maxsize=4)
def _topics(folder: Path) -> tuple[tuple[str, str], ...]:
    """Returns name and section of each topic of the clinic."""
    files = sorted((folder / "faq").glob("*.yml"))
    found = (topic for file in files for topic in read_topics(file))
    return tuple((topic.name, topic.section) for topic in found)
