"""Errors of booking; each says what, where and what to do.

BookingError
├── PhrasesError           a mistake in booking_phrases.yml
│   └── DayPhrasesError    a mistake in day_phrases.yml
└── NotWrittenError        the clinic's records are away, or do not answer in time
"""


class BookingError(Exception):
    """Base of all errors of this package."""


class PhrasesError(BookingError):
    """A mistake in `booking_phrases.yml`, or the file is not there."""


class DayPhrasesError(PhrasesError):
    """A mistake in `day_phrases.yml`, or the file is not there."""


class NotWrittenError(BookingError):
    """The clinic's records could not be used, or did not answer in time."""

    def __init__(self) -> None:
        super().__init__(
            "The clinic's records did not answer. It may not be written; see that the "
            "database runs, then send the same again."
        )
