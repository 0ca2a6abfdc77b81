"""Asks the questions of a booking, with buttons, and reads the answers back."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from actions.booking.opening import Opening
from actions.booking.phrases import Phrases
from actions.booking.preference import Option, Wish
from actions.booking.talk import (
    CHANGE,
    CONSENT,
    DAY,
    NAME,
    NOTE,
    PART,
    PHONE,
    SUMMARY,
    VISIT,
    WHO,
    Form,
)
from actions.replies import Button, Reply

STOP = "button:book_stop"
SKIP = "button:book_skip"
ANY_PART = "button:book_part:any"
SOONEST = "button:book_day:soonest"
WHO_BUTTONS = ("button:book_who:self", "button:book_who:child", "button:book_who:other")
VISIT_BUTTONS = (
    "button:book_visit:first",
    "button:book_visit:follow_up",
    "button:book_visit:home",
    "button:book_visit:online",
)
CHANGE_BUTTONS = (
    "button:book_change:who",
    "button:book_change:name",
    "button:book_change:phone",
    "button:book_change:visit",
    "button:book_change:day",
)
CHANGE_NOTE = "button:book_change:note"
SUMMARY_BUTTONS = ("button:book_send", "button:book_change", STOP)
SURE_BUTTONS = ("button:book_reading:1", "button:book_change:day")
NEXT_DAYS = 3
# The buttons that the responses themselves carry, before those that are added.
OWN = {
    CONSENT: ("button:book_consent", STOP),
    WHO: WHO_BUTTONS,
    VISIT: VISIT_BUTTONS,
    DAY: (SOONEST,),
    NOTE: (SKIP,),
    SUMMARY: SUMMARY_BUTTONS,
    CHANGE: CHANGE_BUTTONS,
}
RESPONSES = {
    WHO: "utter_ask_booking_who",
    PHONE: "utter_ask_booking_phone",
    VISIT: "utter_ask_booking_visit",
    NOTE: "utter_ask_booking_note",
}


@dataclass(frozen=True)
class Promise:
    """What a patient agrees to, from `clinic.yml`, and its version."""

    seen_by: str
    why: str
    days: str
    version: str


class Asker:
    """Puts the open question of a form."""

    def __init__(self, opening: Opening, phrases: Phrases, promise: Promise) -> None:
        self._opening = opening
        self._phrases = phrases
        self._promise = promise

    def ask(
        self, form: Form, now: datetime, *, again: bool = False
    ) -> tuple[Form, Reply]:
        """Returns the open question, and the form that knows what it offers.

        Args:
            form: the answers so far.
            now: the moment.
            again: it was asked in full just before.
        """
        if form.step == DAY and form.early and not form.wish:
            form = replace(form, suggested=form.early, early=())
        buttons = self._buttons(form, now)
        offered = OWN.get(form.step, ()) + tuple(button.payload for button in buttons)
        if form.suggested:
            own = SURE_BUTTONS if len(form.suggested) == 1 else ()
            offered = own + tuple(button.payload for button in buttons)
        response, values = self._question(form, now)
        if again and form.step == CONSENT:
            response, values = "utter_booking_help_consent", {}
        return replace(form, offered=offered), Reply(response, values, buttons)

    def _question(self, form: Form, now: datetime) -> tuple[str, dict[str, str]]:
        if form.step == CONSENT:
            promise = self._promise
            return "utter_booking_consent", {
                "seen_by": promise.seen_by,
                "why": promise.why,
                "days": promise.days,
            }
        if form.step == NAME:
            mine = form.who in ("", "self")
            name = "utter_ask_booking_name" if mine else "utter_ask_booking_name_other"
            return name, {}
        if form.step == DAY and form.suggested:
            return self._suggestion(form, now)
        if form.step == DAY:
            return "utter_ask_booking_day", {"last_day": self._last(now)}
        if form.step == PART:
            return "utter_ask_booking_part", {"day": self.wish(form.wish, now)}
        if form.step == CHANGE:
            return "utter_ask_booking_change", {}
        if form.step == SUMMARY:
            return self._summary(form, now)
        return RESPONSES[form.step], {}

    def _suggestion(self, form: Form, now: datetime) -> tuple[str, dict[str, str]]:
        if len(form.suggested) > 1:
            return "utter_ask_booking_day_which", {}
        return "utter_ask_booking_day_sure", {"day": self.wish(form.suggested[0], now)}

    def answer(self, form: Form, part: str) -> str:
        """Returns an answer of a form in words; not for days."""
        if part in (WHO, VISIT):
            return self._phrases.word(part, form.who if part == WHO else form.visit)
        if part == PHONE:
            return form.phone_read or form.phone
        return (form.name if part == NAME else form.note) or self._phrases.text(
            "not_said"
        )

    def _summary(self, form: Form, now: datetime) -> tuple[str, dict[str, str]]:
        parts = (WHO, NAME, PHONE, VISIT)
        values = {part: self.answer(form, part) for part in parts}
        values[DAY] = self.wish(form.wish, now)
        if not form.note:
            return "utter_booking_summary", values
        return "utter_booking_summary_note", {**values, "note": form.note}

    def wish(self, wish: Mapping[str, Any], now: datetime) -> str:
        """Returns days and times in words."""
        if not wish:
            return self._phrases.text("not_said")
        return self._phrases.wish(Wish.from_slot(wish), self._today(now))

    def options(self, options: tuple[Option, ...], now: datetime) -> tuple[Button, ...]:
        """Returns buttons for days."""
        return tuple(
            Button(self._phrases.option(option, self._today(now)), _payload(option))
            for option in options
        )

    def skip(self) -> Button:
        """Returns the button that skips a question."""
        return Button(self._phrases.text("skip"), SKIP)

    def _buttons(self, form: Form, now: datetime) -> tuple[Button, ...]:
        if form.step == DAY and len(form.suggested) == 1:
            return ()
        if form.step == DAY and form.suggested:
            return tuple(
                Button(self.wish(wish, now), f"button:book_reading:{number}")
                for number, wish in enumerate(form.suggested, start=1)
            )
        if form.step == DAY:
            days = self._opening.next_days(now, NEXT_DAYS)
            return self.options(tuple(map(Option, days)), now)
        if form.step == PART:
            return self._parts(form, now)
        if form.step == CHANGE and form.asks_note:
            return (Button(self._phrases.text("note"), CHANGE_NOTE),)
        return ()

    def _parts(self, form: Form, now: datetime) -> tuple[Button, ...]:
        """Returns the parts of the day in which the clinic is open, and any time."""
        choices = Wish.from_slot(form.wish).choices
        days = {choice.days.first for choice in choices if choice.days.is_one}
        listed = days or set(self._opening.next_days(now, 7))
        found = {part for day in listed for part in self._opening.parts(day, now=now)}
        return tuple(
            Button(self._phrases.word("part_buttons", part), payload)
            for part, payload in PART_BUTTONS
            if part in found or part == "any"
        )

    def _last(self, now: datetime) -> str:
        return self._phrases.day(self._opening.last_day(now), self._today(now))

    def _today(self, now: datetime) -> date:
        return self._opening.today(now)


PART_BUTTONS = (
    ("morning", "button:book_part:morning"),
    ("afternoon", "button:book_part:afternoon"),
    ("evening", "button:book_part:evening"),
    ("any", ANY_PART),
)


def _payload(option: Option) -> str:
    part = f"/{option.part}" if option.part else ""
    return f"button:book_day:{option.day.isoformat()}{part}"
