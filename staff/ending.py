"""Ends requests together with the reason, in one transaction."""

from collections.abc import Callable
from datetime import datetime

from records import audit, steps
from records.columns import utc_now
from records.database import Records
from records.requests import Appointment
from staff.errors import ProblemError
from staff.words import REASONS

STEPS = ("decline", "cancel")


class Endings(Records):
    """Declines and cancels; the reason is one of a fixed list.

    Free text would stay in the audit trail for ever, and could name the patient.
    """

    def __init__(
        self, url: str | None = None, *, clock: Callable[[], datetime] = utc_now
    ) -> None:
        super().__init__(url)
        self._clock = clock

    def end(
        self, request_id: int, step: str, *, reason: str, version: int, actor: str
    ) -> Appointment:
        """Takes the step `decline` or `cancel` and notes the reason.

        Raises:
            ProblemError: no reason of the list was chosen.
            RequestError: the step is refused; nothing is written.
        """
        if reason not in REASONS or step not in STEPS:
            raise ProblemError("Choose a reason. Nothing was changed.")
        with self._write() as connection:
            request = steps.take(
                connection,
                request_id,
                step,
                version=version,
                actor=actor,
                now=self._clock(),
            )
            audit.write_line(
                connection,
                actor,
                f"{step}_reason",
                request_id=request_id,
                detail=reason,
            )
        return request
