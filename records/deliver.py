"""Delivers the messages of the outbox: `python -m records.deliver [--once]`."""

import argparse
import logging
import os
import signal
import sys
import threading
from collections.abc import Callable, Mapping
from typing import Any

from records.delivery_settings import smtp_settings, webhook_settings
from records.errors import RecordsError, UndeliveredError
from records.mail import Mailer
from records.mail_texts import MailTexts
from records.outbox import MAIL_CLINIC, MAIL_PATIENT, WEBHOOK, Message, Outbox
from records.privacy import Privacy
from records.webhook import Webhook

logger = logging.getLogger(__name__)

PAUSE_SECONDS = 2.0
LONGEST_PAUSE_SECONDS = 60.0

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


class Worker:
    """Delivers again and again until it is told to stop."""

    def __init__(
        self,
        outbox: Outbox,
        privacy: Privacy,
        ways: Mapping[str, Send],
        *,
        pause: float = PAUSE_SECONDS,
    ) -> None:
        self._outbox = outbox
        self._pause = pause
        self._privacy = privacy
        self._ways = ways
        self._stopping = threading.Event()

    def stop(self, *_: Any) -> None:
        """Lets the message in hand be finished."""
        self._stopping.set()

    def run(self) -> None:
        """Works; a database that is away is waited for."""
        pause = self._pause
        while not self._stopping.is_set():
            try:
                deliver_due(self._outbox, self._ways, stopping=self._stopping.is_set)
                self._privacy.forget_due()
                pause = self._pause
            except RecordsError as error:
                logger.error("%s", error)
                pause = min(2 * pause, LONGEST_PAUSE_SECONDS)
            self._stopping.wait(pause)


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
    for kind in sorted({MAIL_CLINIC, MAIL_PATIENT, WEBHOOK} - set(ways)):
        logger.warning("Messages of kind %s are not sent: nothing is set up.", kind)
    worker = Worker(Outbox(), Privacy(), ways)
    signal.signal(signal.SIGTERM, worker.stop)
    signal.signal(signal.SIGINT, worker.stop)
    worker.run()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
