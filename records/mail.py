"""Sends messages of the outbox as e-mail."""

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from email.utils import format_datetime

from records.delivery_settings import SmtpSettings
from records.errors import UndeliveredError
from records.invitation import invitation
from records.mail_texts import MailTexts
from records.outbox import MAIL_PATIENT, Message

LONGEST_WAIT_SECONDS = 10


class Mailer:
    """Sends to patients and to the clinic."""

    def __init__(self, settings: SmtpSettings, texts: MailTexts) -> None:
        self._settings = settings
        self._texts = texts

    def send(self, message: Message) -> bool:
        """Sends one message; false if there is nobody to send it to.

        Raises:
            UndeliveredError: it did not arrive.
        """
        to_patient = message.kind == MAIL_PATIENT
        to = message.to if to_patient else self._settings.clinic
        if not to:
            return False
        mail = self._written(message, to, "to_patient" if to_patient else "to_clinic")
        try:
            with self._connected() as server:
                server.send_message(mail)
        except smtplib.SMTPRecipientsRefused as error:
            codes = [code for code, _ in error.recipients.values()]
            reason = f"recipient refused: {codes[0]}"
            raise UndeliveredError(reason, final=min(codes) >= 500) from None
        except (smtplib.SMTPException, OSError) as error:
            code = getattr(error, "smtp_code", "")
            raise UndeliveredError(f"{type(error).__name__} {code}".strip()) from None
        return True

    def _written(self, message: Message, to: str, group: str) -> EmailMessage:
        details, sender = message.details, self._settings.sender
        text = self._texts.fill(
            group,
            message.event,
            reference=message.reference,
            level=details["level"],
            starts_at=details["starts_at"],
        )
        mail = EmailMessage()
        mail["From"] = sender
        mail["To"] = to
        mail["Subject"] = text.subject
        mail["Date"] = format_datetime(message.created_at)
        # The same at every attempt: mail servers drop the second one.
        mail["Message-ID"] = f"<{message.key}@{sender.rpartition('@')[2]}>"
        mail["Auto-Submitted"] = "auto-generated"
        mail.set_content(text.body)
        if details["method"] and group == "to_patient":
            entry = invitation(
                details,
                reference=message.reference,
                title=self._texts.invitation_title,
                organiser=sender,
                attendee=to,
                written_at=message.created_at,
            )
            mail.add_attachment(
                entry.decode(),
                subtype="calendar",
                filename="invite.ics",
                params={"method": details["method"]},
            )
        return mail

    @contextmanager
    def _connected(self) -> Iterator[smtplib.SMTP]:
        settings, trust = self._settings, ssl.create_default_context()
        place = (settings.host, settings.port)
        server: smtplib.SMTP
        if settings.scheme == "smtps":
            server = smtplib.SMTP_SSL(
                *place, timeout=LONGEST_WAIT_SECONDS, context=trust
            )
        else:
            server = smtplib.SMTP(*place, timeout=LONGEST_WAIT_SECONDS)
        with server:
            if settings.scheme == "smtp+starttls":
                server.starttls(context=trust)
            if settings.user:
                server.login(settings.user, settings.password)
            yield server
