"""The wording of e-mails, from the clinic's `mail.yml`."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from documents.facts import Facts
from documents.library import CLINIC_FOLDER
from records.errors import SettingsError

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
        tree = _read(file)
        texts = {
            (to, event): _text(tree, to, event, file)
            for to, events in (("to_patient", TO_PATIENT), ("to_clinic", TO_CLINIC))
            for event in events
        }
        title = tree.get("invitation_title")
        if not isinstance(title, str) or not title:
            raise _missing(file, "mail.invitation_title")
        made = cls(texts, title=title, facts=Facts.from_file(folder / "clinic.yml"))
        for to, event in texts:
            try:
                made.fill(to, event, reference="", level="", starts_at="")
            except (KeyError, ValueError, IndexError) as error:
                raise SettingsError(
                    f"{file}: mail.{to}.{event} cannot be filled ({error}). Use only "
                    "the names in braces that the top of the file lists."
                ) from error
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
            "when": self._spoken(starts_at),
        }
        return MailText(text.subject.format(**values), text.body.format(**values))

    def _spoken(self, starts_at: str) -> str:
        if not starts_at:
            return ""
        local = datetime.fromisoformat(starts_at).astimezone(self._zone)
        return f"{local:%A} {local.day} {local:%B %Y}, {local:%H:%M}"


def _read(file: Path) -> Mapping[str, Any]:
    try:
        tree = YAML(typ="safe").load(file)
    except OSError as error:
        raise SettingsError(
            f"{file}: cannot be read ({error.strerror}). The clinic's e-mails stand in "
            "this file; put it back."
        ) from error
    except YAMLError as error:
        raise SettingsError(
            f"{file}: not valid YAML: {' '.join(str(error).split())}. Correct it."
        ) from error
    mail = tree.get("mail") if isinstance(tree, Mapping) else None
    if not isinstance(mail, Mapping):
        raise _missing(file, "mail")
    return mail


def _text(tree: Mapping[str, Any], to: str, event: str, file: Path) -> MailText:
    group = tree.get(to)
    row = group.get(event) if isinstance(group, Mapping) else None
    parts = row if isinstance(row, Mapping) else {}
    subject, body = parts.get("subject"), parts.get("body")
    if not (isinstance(subject, str) and isinstance(body, str) and subject and body):
        raise _missing(file, f"mail.{to}.{event}")
    return MailText(subject, body)


def _missing(file: Path, path: str) -> SettingsError:
    return SettingsError(f"{file}: '{path}' is missing or incomplete. Fill it in.")
