"""Sends a request and tells the patient what will happen now."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from actions.booking.asking import Asker, Promise
from actions.booking.errors import NotWrittenError
from actions.booking.opening import Opening
from actions.booking.preference import Days
from actions.booking.submit import Situation, submit
from actions.booking.talk import Form, Said
from actions.replies import Reply
from records.appointments import AppointmentBook


@dataclass(frozen=True)
class Sender:
    """Stores requests, and words their receipts by urgency and opening hours.

    Attributes:
        after_hours: what the clinic says when it is closed.
        conversation_days: how long what was typed is kept.
    """

    book: AppointmentBook
    opening: Opening
    asker: Asker
    promise: Promise
    after_hours: str
    conversation_days: str

    @property
    def version(self) -> str:
        """The version of what is consented to."""
        return self.promise.version

    @property
    def call_back_version(self) -> str:
        """The version of what is consented to by sending a number for a call."""
        return f"call-{self.promise.version}"

    @property
    def booking_days(self) -> str:
        """How long a request is kept."""
        return self.promise.days

    async def send(
        self, form: Form, situation: Situation, said: Said
    ) -> tuple[str, tuple[Reply, ...]]:
        """Returns the reference, empty if it failed, and what the patient is told."""
        try:
            stored = await submit(self.book, form, situation)
        except NotWrittenError:
            return "", (Reply("utter_booking_failed"),)
        return stored.reference, (self.receipt(stored.reference, situation, said),)

    def receipt(self, reference: str, situation: Situation, said: Said) -> Reply:
        """Returns the words "request received", with what happens next."""
        values = {"reference": reference}
        is_open = self.is_open(said.now)
        urgent = situation.level == "urgent"
        if not is_open:
            values |= {"after_hours": self.after_hours, "day": self.opens(said.now)}
        if urgent and is_open:
            return Reply("utter_booking_sent_urgent", values)
        if urgent:
            return Reply("utter_booking_sent_urgent_closed", values)
        if is_open:
            return Reply("utter_booking_sent", values)
        return Reply("utter_booking_sent_closed", values)

    def is_open(self, now: datetime) -> bool:
        """Says whether the clinic is open."""
        local = self.opening.local(now)
        minute = local.hour * 60 + local.minute
        stretches = self.opening.hours(local.date())
        return any(each.start <= minute < each.end for each in stretches)

    def opens(self, now: datetime) -> str:
        """Returns the day on which the clinic opens next."""
        local = self.opening.local(now)
        minute = local.hour * 60 + local.minute
        today = local.date()
        later_today = any(minute < each.start for each in self.opening.hours(today))
        days = [today] if later_today else []
        ahead = range(1, self.opening.ahead_days + 1)
        days += [today + timedelta(days=number) for number in ahead]
        opens = next((day for day in days if self.opening.is_open(day)), today)
        return self.asker.wish({"choices": [Days(opens, opens).code]}, now)
