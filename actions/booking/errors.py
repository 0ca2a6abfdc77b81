"""Errors of booking; each says what, where and what to do.

BookingError
└── DayPhrasesError        a mistake in day_phrases.yml
"""


class BookingError(Exception):
    """Base of all errors of this package."""


class DayPhrasesError(BookingError):
    """A mistake in `day_phrases.yml`, or the file is not there."""
