"""Delivers the messages of the outbox: `python -m records.deliver [--once]`."""

import argparse
import logging
import os
import signal
import sys
from collections.abc import Callable, Mapping, Sequence

from records.delivery_settings import smtp_settings, webhook_settings
from records.errors import RecordsError, UndeliveredError
from records.jobs import Job, JobRunner
from records.mail import Mailer
from records.mail_texts import MailTexts
from records.outbox import (
    MAIL_CLINIC,
    MAIL_PATIENT,
    WEBHOOK,
    WHATSAPP,
    Message,
    Outbox,
)
from records.privacy import Privacy
from records.upkeep import upkeep
from records.webhook import Webhook
from records.whatsapp_notices import WhatsAppNotices, whatsapp_routes
from records.whatsapp_texts import WhatsAppTexts

logger = logging.getLogger(__name__)

PAUSE_SECONDS = 2.0

Send = Callable[[Message], bool]


def ways_to_send(environment: Mapping[str, str]) -> dict[str, Send]:
    """Returns how each kind of message is sent, for those that are set up.

    Raises:
        SettingsError: a setting cannot be used.
    """
    ways: dict[str, Send] = {}
    smtp = smtp_settings(environment)
    if smtp:
        mailer = Mailer(smtp, MailTexts.from_folder())
        ways |= {MAIL_CLINIC: mailer.send, MAIL_PATIENT: mailer.send}
    webhook = webhook_settings(environment)
    if webhook:
        ways[WEBHOOK] = Webhook(webhook).send
    # Also without a route: then staff are told that the patient does not know.
    notices = WhatsAppNotices(whatsapp_routes(environment), WhatsAppTexts.from_folder())
    ways[WHATSAPP] = notices.send
    return ways


def deliver_due(
    outbox: Outbox,
    ways: Mapping[str, Send],
    *,
    stopping: Callable[[], bool] = lambda: False,
) -> int:
    """Tries each message that is due once; returns how many were delivered."""
    delivered = 0
    while not stopping() and (message := outbox.lease()) is not None:
        delivered += _deliver(outbox, message, ways.get(message.kind))
    return delivered


def _deliver(outbox: Outbox, message: Message, send: Send | None) -> bool:
    try:
        if send is None or not send(message):
            outbox.skip(message)
            return False
    except UndeliveredError as error:
        _put_off(outbox, message, error.reason, final=error.final)
        return False
    except Exception as error:  # one bad message must not stop the others
        _put_off(outbox, message, type(error).__name__)
        return False
    return outbox.delivered(message)


def _put_off(
    outbox: Outbox, message: Message, reason: str, *, final: bool = False
) -> None:
    logger.warning(
        "Message %s (%s, attempt %s) was not delivered: %s.",
        message.key,
        message.kind,
        message.attempts,
        reason,
    )
    outbox.failed(message, reason, final=final)


class Worker(JobRunner):
    """Delivers, and deletes conversations that were to be forgotten.

    Args:
        outbox: where the messages wait.
        privacy: deletes what was put off.
        ways: how each kind of message is sent.
        others: further work; if one fails, the others go on.
        pause: seconds between two looks into the outbox.
    """

    def __init__(
        self,
        outbox: Outbox,
        privacy: Privacy,
        ways: Mapping[str, Send],
        *,
        others: Sequence[Job] = (),
        pause: float = PAUSE_SECONDS,
    ) -> None:
        def deliver() -> None:
            deliver_due(outbox, ways, stopping=lambda: self.stopping)

        super().__init__(
            (
                Job("Delivering", deliver, pause),
                Job("Forgetting", privacy.forget_due, pause),
                *others,
            )
        )


def not_sent(ways: Mapping[str, Send]) -> list[str]:
    """Returns a line for each way of sending that is not set up."""
    lines = []
    if MAIL_CLINIC not in ways:
        lines.append("No e-mail is sent: CLINIC_SMTP_URL is not set.")
    if WEBHOOK not in ways:
        lines.append("No webhook is called: CLINIC_WEBHOOK_URL is not set.")
    return lines


def main(arguments: list[str]) -> int:
    """Runs until it is stopped, or once; returns 1 and says why if it cannot."""
    parser = argparse.ArgumentParser(prog="python -m records.deliver")
    parser.add_argument("--once", action="store_true", help="deliver what is due, end")
    once = parser.parse_args(arguments).once
    logging.basicConfig(format="%(asctime)s  %(levelname)-7s  %(message)s")
    try:
        ways = ways_to_send(os.environ)
        if once:
            print(f"Delivered: {deliver_due(Outbox(), ways)}.")
            return 0
    except RecordsError as error:
        print(error, file=sys.stderr)
        return 1
    for line in not_sent(ways):
        logger.warning("%s", line)
    worker = Worker(Outbox(), Privacy(), ways, others=upkeep())
    signal.signal(signal.SIGTERM, worker.stop)
    signal.signal(signal.SIGINT, worker.stop)
    worker.run()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
