"""What the assistant is asked: numbers by day and topic, and open questions."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa

from records.counting import count
from records.database import Records
from records.questions import unanswered_questions
from records.tables import asked_counts

PAGE = 50


class AskedCounts(Records):
    """Counts without words and without conversations: they may be kept for long."""

    def add(self, pairs: Sequence[tuple[str, str]], *, day: date) -> None:
        """Counts what one message asked.

        Args:
            pairs: topic (a section's address, or "" if there is none) and outcome
                (`answered`, `choose`, `unknown`, `escalated` ...).
            day: today where the clinic is.
        """
        if not pairs:
            return
        with self._write() as connection:
            count(connection, pairs, day=day)

    def by_day(self, first: date, last: date) -> list[dict[str, Any]]:
        """Returns day, outcome and times, for a plot."""
        return self._sums(asked_counts.c.day, first=first, last=last)

    def by_topic(self, first: date, last: date) -> list[dict[str, Any]]:
        """Returns topic, outcome and times."""
        return self._sums(asked_counts.c.topic, first=first, last=last)

    def _sums(self, column: Any, *, first: date, last: date) -> list[dict[str, Any]]:
        outcome = asked_counts.c.outcome
        times = sa.func.sum(asked_counts.c.times).label("times")
        return self._rows(
            sa.select(column, outcome, times)
            .where(asked_counts.c.day.between(first, last))
            .group_by(column, outcome)
            .order_by(column, outcome)
        )


class OpenQuestions(Records):
    """Pages of questions that were not simply answered."""

    def page(
        self, *, outcome: str | None = None, skip: int = 0, most: int = PAGE
    ) -> list[dict[str, Any]]:
        """Returns questions, newest first; of one outcome if it is named."""
        query = sa.select(unanswered_questions)
        if outcome:
            query = query.where(unanswered_questions.c.outcome == outcome)
        order = unanswered_questions.c.id.desc()
        return self._rows(query.order_by(order).limit(most).offset(skip))

    def remove(self, ids: Sequence[int]) -> int:
        """Deletes questions that were dealt with; returns how many."""
        which = unanswered_questions.c.id.in_(list(ids))
        with self._write() as connection:
            change = sa.delete(unanswered_questions).where(which)
            return int(connection.execute(change).rowcount)
