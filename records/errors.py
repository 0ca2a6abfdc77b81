"""What can go wrong with the clinic's records.

RecordsError
├── SettingsError          an environment variable or a setting is wrong
├── UnavailableError       the database is away, locked, or its disk is full
├── NewerDatabaseError     a later version of the program has made the tables
├── TooManyAttemptsError   a conversation has guessed references too often
├── RequestError           a change to an appointment request is refused
│   ├── UnknownRequestError
│   ├── StaleRequestError  somebody else has changed it since
│   ├── IllegalMoveError   its state does not allow this
│   ├── OverlapError       the practitioner is taken at that time
│   └── InvalidRequestError
└── StaffError             a member of staff is refused
    ├── InvalidStaffError  a name, password or role is not acceptable
    ├── WrongLoginError
    └── LockedOutError
"""


class RecordsError(Exception):
    """Something about the clinic's records went wrong; the message holds no row."""


class SettingsError(RecordsError):
    """A setting cannot be used."""


class UnavailableError(RecordsError):
    """The database cannot be used now; trying again later makes sense."""

    def __init__(self, reason: str) -> None:
        super().__init__(
            f"The clinic's database cannot be used: {reason}. See that it runs, that "
            "CLINIC_DATABASE_URL is right and that its disk has room; then try again."
        )


class NewerDatabaseError(RecordsError):
    """The tables were made by a later version of the program."""

    def __init__(self, revision: str) -> None:
        super().__init__(
            f"The clinic's database is at revision '{revision}', which this version "
            "does not know. Start the newer version, or restore an older backup."
        )


class UndeliveredError(RecordsError):
    """A message did not arrive.

    Attributes:
        reason: the kind of the trouble; it holds no address and no text.
        final: trying again makes no sense.
    """

    def __init__(self, reason: str, *, final: bool = False) -> None:
        super().__init__(f"A message was not delivered: {reason}.")
        self.reason = reason
        self.final = final


class TooManyAttemptsError(RecordsError):
    """A conversation has asked for requests that are not its own too often."""

    def __init__(self) -> None:
        super().__init__(
            "Too many references were tried in this conversation. Wait, or phone."
        )


class RequestError(RecordsError):
    """A change to an appointment request is refused; nothing was written."""


class UnknownRequestError(RequestError):
    """There is no such request."""

    def __init__(self, request_id: int) -> None:
        super().__init__(
            f"There is no appointment request {request_id}. It may have been deleted; "
            "load the list again."
        )


class StaleRequestError(RequestError):
    """Somebody else has changed the request since it was read."""

    def __init__(self, request_id: int) -> None:
        super().__init__(
            f"Appointment request {request_id} was changed by somebody else since you "
            "opened it. Load it again, then decide."
        )


class IllegalMoveError(RequestError):
    """The state of a request does not allow a step."""

    def __init__(self, state: str, step: str, allowed: tuple[str, ...]) -> None:
        self.state = state
        super().__init__(
            f"A request that is '{state}' cannot take the step '{step}'. "
            f"Possible: {', '.join(allowed) or 'none'}."
        )


class OverlapError(RequestError):
    """The practitioner has another confirmed appointment at that time."""

    def __init__(self, practitioner: str) -> None:
        super().__init__(
            f"'{practitioner}' has another confirmed appointment at that time. "
            "Choose another time or practitioner."
        )


class InvalidRequestError(RequestError):
    """A value of a request, contact or visit cannot be stored."""


class StaffError(RecordsError):
    """A member of staff is refused."""


class InvalidStaffError(StaffError):
    """A name, password or role is not acceptable."""


class WrongLoginError(StaffError):
    """The name or the password is wrong; it does not say which."""

    def __init__(self) -> None:
        super().__init__("The name or the password is wrong. Try again.")


class LockedOutError(StaffError):
    """Too many logins have failed."""

    def __init__(self, minutes: int) -> None:
        super().__init__(
            f"Too many logins have failed. Wait {minutes} minutes, then try again."
        )
