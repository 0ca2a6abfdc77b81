"""Builds the front desk from the clinic's facts and the appointment book."""

import hashlib
import uuid

from actions.booking.asking import Asker, Promise
from actions.booking.call_back import CallBackDesk
from actions.booking.day_answers import DayAnswers
from actions.booking.deeds import Deeds
from actions.booking.form import BookingForm
from actions.booking.form_desk import FormDesk
from actions.booking.front_desk import FrontDesk
from actions.booking.manage import Manager
from actions.booking.opening import Opening
from actions.booking.phones import PhoneBook
from actions.booking.phrases import Phrases
from actions.booking.sending import Sender
from actions.privacy import PrivacyDesk
from documents.facts import Facts
from records.appointments import AppointmentBook
from records.privacy import Privacy

# Raise it when the words of utter_booking_consent change what they promise.
CONSENT_WORDING = "1"
FINGERPRINT = 8


def build_front_desk(
    facts: Facts,
    *,
    book: AppointmentBook | None = None,
    privacy: Privacy | None = None,
    phrases: Phrases | None = None,
) -> FrontDesk:
    """Returns the desk of a clinic.

    Raises:
        DocumentError: hours, country, time zone or phrases cannot be used.
    """
    opening = Opening.from_facts(facts)
    promise = read_promise(facts)
    asker = Asker(opening, phrases or Phrases.from_files(), promise)
    phones = PhoneBook.from_facts(facts)
    days = DayAnswers(opening, asker)
    book = book or AppointmentBook()
    sender = Sender(
        book,
        opening,
        asker,
        promise,
        facts.get("hours.after_hours"),
        facts.get("privacy.conversation_days"),
    )
    form = BookingForm(asker, days, phones)
    return FrontDesk(
        FormDesk(form, asker, sender, lambda: str(uuid.uuid4())),
        Manager(Deeds(book, asker), asker, days, phones),
        PrivacyDesk(privacy or Privacy()),
        CallBackDesk(sender, phones),
    )


def read_promise(facts: Facts) -> Promise:
    """Returns what a patient agrees to; its version changes with the clinic's facts."""
    seen_by, why, days = (
        facts.get(f"privacy.{key}") for key in ("seen_by", "why", "booking_days")
    )
    said = "\n".join((seen_by, why, days)).encode()
    fingerprint = hashlib.sha256(said).hexdigest()[:FINGERPRINT]
    return Promise(seen_by, why, days, f"{CONSENT_WORDING}-{fingerprint}")
