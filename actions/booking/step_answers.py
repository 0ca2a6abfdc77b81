"""Takes the answers to the single questions of a booking."""

from dataclasses import dataclass, replace

from actions.booking import changes
from actions.booking.day_answers import DayAnswers
from actions.booking.names import NUMBER, read_name
from actions.booking.phones import (
    EMERGENCY,
    NOT_POSSIBLE,
    OWN_NUMBER,
    TOO_LONG,
    TOO_SHORT,
    Phone,
    PhoneBook,
)
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
    Heard,
    Said,
)
from actions.booking.visits import SOMEONE_ELSE, people, visits
from actions.replies import Reply

LONGEST_NOTE = 1000
PEOPLE = ("self", "child", "other")
VISITS = ("first", "follow_up", "home", "online")
HELP = {
    CONSENT: "utter_booking_help_consent",
    WHO: "utter_booking_help_who",
    NAME: "utter_booking_help_name",
    PHONE: "utter_booking_help_phone",
    VISIT: "utter_booking_help_visit",
    DAY: "utter_booking_help_day",
    PART: "utter_booking_help_part",
    NOTE: "utter_booking_help_note",
    SUMMARY: "utter_booking_help_summary",
    CHANGE: "utter_booking_help_summary",
}
PHONE_PROBLEMS = {
    TOO_SHORT: "utter_booking_phone_too_short",
    TOO_LONG: "utter_booking_phone_too_long",
    NOT_POSSIBLE: "utter_booking_phone_not_possible",
    EMERGENCY: "utter_booking_phone_emergency",
    OWN_NUMBER: "utter_booking_phone_own",
}


@dataclass(frozen=True)
class StepAnswers:
    """Reads what is typed for the open question; None means that it is no answer."""

    days: DayAnswers
    phones: PhoneBook

    def read(self, form: Form, said: Said) -> Heard | None:
        """Returns what an answer leads to; None if it does not answer the question."""
        text = said.text
        if form.step in (DAY, PART):
            return self.days.typed_part(form, text, said.now)
        if form.step == PHONE:
            return self.phone(form, text)
        # Words of a question may look like an answer to these.
        if said.is_question or changes.is_pleasantry(text):
            return None
        if form.step == WHO:
            found = people(text)
            return self.who(form, tuple(stored_person(person) for person in found))
        if form.step == VISIT:
            return self.visit(form, visits(text))
        if form.step == NAME:
            return self.name(form, text)
        return self.note(form, text)

    def who(self, form: Form, people: tuple[str, ...]) -> Heard | None:
        """Keeps for whom the visit is."""
        if len(people) != 1 or people[0] not in PEOPLE:
            return None
        return _kept(replace(form, who=people[0]), WHO)

    def visit(self, form: Form, visits: tuple[str, ...]) -> Heard | None:
        """Keeps the kind of visit."""
        if len(visits) != 1 or visits[0] not in VISITS:
            return None
        return _kept(replace(form, visit=visits[0]), VISIT)

    def name(self, form: Form, text: str) -> Heard | None:
        """Keeps the name, and the number if it stands beside it."""
        name = read_name(text).name
        if not name:
            return None
        form = replace(form, name=name)
        phones = self.phones.read(text).phones
        if len(phones) != 1 or form.phone:
            return _kept(form, NAME)
        form = _with_phone(form, phones[0])
        return _kept(form, NAME, _heard_phone(form))

    def phone(self, form: Form, text: str) -> Heard | None:
        """Keeps the number and reads it back; asks which one if there are several."""
        phones = self.phones.read(text).phones
        if len(phones) > 1:
            form = replace(form, step=PHONE)
            numbers = {"numbers": ", ".join(number.groups for number in phones)}
            return Heard(form, (Reply("utter_booking_phone_which", numbers),))
        if not phones:
            return None
        form = _with_phone(form, phones[0])
        return _kept(form, PHONE, _heard_phone(form))

    def note(self, form: Form, text: str) -> Heard | None:
        """Keeps the note as it was typed."""
        words = " ".join(text.split())[:LONGEST_NOTE]
        if not any(character.isalnum() for character in words):
            return None
        if changes.skips(text):
            skipped = tuple(dict.fromkeys([*form.skipped, NOTE]))
            return _kept(replace(form, note="", skipped=skipped), "")
        return _kept(replace(form, note=words), NOTE)

    def problem(self, form: Form, text: str) -> str:
        """Returns the response that says what is wrong with a number or a name."""
        if form.step == PHONE:
            return PHONE_PROBLEMS.get(self.phones.read(text).problem, "")
        if form.step == NAME and read_name(text).problem == NUMBER:
            return "utter_booking_name_is_number"
        return ""


def _kept(form: Form, part: str, *replies: Reply) -> Heard:
    skipped = tuple(each for each in form.skipped if each != part)
    form = replace(form, skipped=skipped, failures=0, suggested=())
    form = replace(form, step=form.next)
    # The summary says it all once more.
    return Heard(form, () if form.complete else replies)


def _with_phone(form: Form, number: Phone) -> Form:
    extension = f" x{number.extension}" if number.extension else ""
    return replace(
        form,
        phone=number.e164,
        phone_read=number.groups + extension,
        extension=number.extension,
    )


def _heard_phone(form: Form) -> Reply:
    return Reply("utter_booking_heard_phone", {"phone": form.phone_read})


def stored_person(person: str) -> str:
    """Returns whom the visit is for as it is stored."""
    return "other" if person == SOMEONE_ELSE else person
