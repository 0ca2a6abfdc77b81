"""What can go wrong in the staff console.

ConsoleError
├── ConsoleSettingsError   an environment variable or a file cannot be used
├── ProblemError           something that the person at the screen can put right
│   ├── ForbiddenError     the role does not allow it
│   └── ForgedFormError    a form that was not made by this page, or is too old
└── BusyError              too many logins at the same moment
"""


class ConsoleError(Exception):
    """Base of all errors of this package."""


class ConsoleSettingsError(ConsoleError):
    """The console cannot start with these settings."""


class ProblemError(ConsoleError):
    """What was sent cannot be done; the message is shown as it stands.

    Attributes:
        status: the HTTP status of the answer.
    """

    status = 422


class ForbiddenError(ProblemError):
    """A role is not allowed to see or do this."""

    status = 403

    def __init__(self, role: str) -> None:
        super().__init__(
            f"This page is for the role '{role}'. Ask an administrator of the console "
            "if you need it."
        )


class ForgedFormError(ProblemError):
    """The hidden token of a form is missing or belongs to another login."""

    status = 403

    def __init__(self) -> None:
        super().__init__(
            "This form is too old, or it was not made by this console. Nothing was "
            "changed. Go back, load the page again and repeat it."
        )


class BusyError(ConsoleError):
    """More logins wait than can be checked."""

    def __init__(self) -> None:
        super().__init__("Too many people log in right now. Wait a moment, try again.")
