"""Sends a complete form to the appointment book."""

import asyncio
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from actions.booking.errors import NotWrittenError
from actions.booking.preference import Wish
from actions.booking.talk import Form
from records.appointments import AppointmentBook
from records.errors import RequestError, TooManyAttemptsError
from records.requests import NO_NAME, Contact, NewRequest, Receipt
from records.requests import Wish as StoredWish

logger = logging.getLogger(__name__)

# The channel waits for ten seconds in all.
LONGEST_WAIT_SECONDS = 6.0
LONGEST_REASON = 1000

Result = TypeVar("Result")


@dataclass(frozen=True)
class Situation:
    """What the conversation says beside the form.

    Attributes:
        level: the highest level of danger that still stands.
        reason: the words that were noticed.
        screening: the answers of the safety check.
    """

    conversation: str
    channel: str
    level: str = "none"
    reason: str = ""
    flags: tuple[str, ...] = ()
    screening: Mapping[str, str] = field(default_factory=dict)


async def unhurried(
    work: Callable[..., Result],
    *arguments: Any,
    longest_wait: float = LONGEST_WAIT_SECONDS,
    **options: Any,
) -> Result:
    """Runs slow work beside the conversation, and gives up before the channel does.

    Raises:
        NotWrittenError: it took too long, or the records are away.
        RequestError: the records refuse it.
        TooManyAttemptsError: this conversation has guessed too often.
    """
    running = asyncio.to_thread(work, *arguments, **options)
    try:
        return await asyncio.wait_for(running, longest_wait)
    except asyncio.TimeoutError as error:
        logger.error("The clinic's records did not answer in %s s.", longest_wait)
        raise NotWrittenError from error
    except (RequestError, TooManyAttemptsError):
        raise
    except Exception as error:  # a driver has many; what it says may hold words
        logger.error("The clinic's records failed: %s.", type(error).__name__)
        raise NotWrittenError from error


async def submit(
    book: AppointmentBook,
    form: Form,
    situation: Situation,
    *,
    longest_wait: float = LONGEST_WAIT_SECONDS,
) -> Receipt:
    """Stores a request; the same form gives the same receipt however often it is sent.

    Raises:
        NotWrittenError: it may not be written; the same form can be sent again.
    """
    try:
        request, contact = request_of(form, situation)
        return await unhurried(
            book.submit, form.key, request, contact, longest_wait=longest_wait
        )
    except RequestError as error:
        logger.error("A request was not stored: %s.", type(error).__name__)
        raise NotWrittenError from error


def request_of(form: Form, situation: Situation) -> tuple[NewRequest, Contact]:
    """Returns what is stored of a form.

    Raises:
        InvalidRequestError: the form is not complete.
    """
    request = NewRequest(
        conversation=situation.conversation,
        channel=situation.channel,
        # What was not said is marked in the preference, for the staff to ask.
        for_whom=form.who or "other",
        visit_type=form.visit or "not_said",
        consent_version=form.version,
        consented_at=datetime.fromisoformat(form.consented),
        wish=stored_wish(form),
        level=situation.level,
        reason=situation.reason[:LONGEST_REASON],
        flags=situation.flags,
        screening=dict(situation.screening),
        note=form.note,
    )
    return request, Contact(form.name or NO_NAME, form.phone)


def stored_wish(form: Form) -> StoredWish:
    """Returns the wished days as they are stored."""
    wish = Wish.from_slot(form.wish)
    days = {choice.days.first for choice in wish.choices if choice.days.is_one}
    all_single = all(choice.days.is_one for choice in wish.choices)
    parts = {times.code for choice in wish.choices for times in choice.times}
    preference = {**form.wish} if form.wish else {}
    not_said = [part for part in form.skipped if part != "note"]
    if not_said:
        preference["not_said"] = not_said
    if form.extension:
        preference["extension"] = form.extension
    return StoredWish(
        day_typed=form.day_typed,
        day=next(iter(days)) if len(days) == 1 and all_single else None,
        part_typed=form.part_typed,
        part=next(iter(parts)) if len(parts) == 1 else "",
        preference=preference,
    )
