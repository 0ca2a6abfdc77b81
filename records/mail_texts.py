"""The wording of e-mails, from the clinic's `mail.yml`."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from documents.facts import Facts
from documents.library import CLINIC_FOLDER
from records.clinic_texts import missing, read_texts, spoken, unfillable

TO_PATIENT = ("proposed", "confirmed", "declined", "cancelled", "expired")
TO_CLINIC = ("requested", "move_asked", "confirmed", "cancelled")


@dataclass(frozen=True)
class MailText:
    """One e-mail with places to fill."""

    subject: str
    body: str


class MailTexts:
    """All e-mails of a clinic, filled with its facts and the values of a request."""

    def __init__(
        self,
        texts: Mapping[tuple[str, str], MailText],
        *,
        title: str,
        facts: Facts,
    ) -> None:
        self._texts = texts
        self._facts = facts.for_responses()
        self._zone = ZoneInfo(facts.get("time_zone"))
        self.invitation_title = title

    @classmethod
    def from_folder(cls, folder: Path = CLINIC_FOLDER) -> "MailTexts":
        """Reads `mail.yml` and `clinic.yml` of a clinic's folder.

        Raises:
            SettingsError: a text is missing or names a value that does not exist.
        """
        file = folder / "mail.yml"
        tree = read_texts(file, "mail")
        texts = {
            (to, event): _text(tree, to, event, file)
            for to, events in (("to_patient", TO_PATIENT), ("to_clinic", TO_CLINIC))
            for event in events
        }
        title = tree.get("invitation_title")
        if not isinstance(title, str) or not title:
            raise missing(file, "mail.invitation_title")
        made = cls(texts, title=title, facts=Facts.from_file(folder / "clinic.yml"))
        for to, event in texts:
            try:
                made.fill(to, event, reference="", level="", starts_at="")
            except (KeyError, ValueError, IndexError) as error:
                raise unfillable(file, f"mail.{to}.{event}", error) from error
        return made

    def fill(
        self, to: str, event: str, *, reference: str, level: str, starts_at: str
    ) -> MailText:
        """Returns an e-mail without open places.

        Args:
            to: `to_patient` or `to_clinic`.
            event: what has happened, such as `confirmed`.
            reference: the reference of the request.
            level: how urgent the request is.
            starts_at: the time of the visit in ISO form, empty if there is none.
        """
        text = self._texts[to, event]
        values = {
            **self._facts,
            "reference": reference,
            "level": level,
            "when": spoken(starts_at, self._zone),
        }
        return MailText(text.subject.format(**values), text.body.format(**values))


def _text(tree: Mapping[str, Any], to: str, event: str, file: Path) -> MailText:
    group = tree.get(to)
    row = group.get(event) if isinstance(group, Mapping) else None
    parts = row if isinstance(row, Mapping) else {}
    subject, body = parts.get("subject"), parts.get("body")
    if not (isinstance(subject, str) and isinstance(body, str) and subject and body):
        raise missing(file, f"mail.{to}.{event}")
    return MailText(subject, body)
