"""Trials of the fault test: patients book, a clerk confirms, one process is killed."""

import random
import threading
import time
import uuid
from collections import Counter

from benchmarks.fault_people import Clerk, Patient, Script
from benchmarks.fault_processes import (
    ACTIONS,
    CONSOLE,
    DATABASE,
    POSTMASTER,
    RASA,
    WORKER,
    System,
)
from benchmarks.fault_receivers import MailReceiver, WebReceiver
from benchmarks.fault_records import Book
from benchmarks.fault_verdict import Delivery, Verdict, judge, judge_delivery
from deploy.development.ports import HOST
from records.staff import StaffBook

# Out of a hundred trials. The Rasa server starts slowly, so it is killed less often.
SHARES = {RASA: 10, ACTIONS: 35, CONSOLE: 15, WORKER: 15, DATABASE: 10, POSTMASTER: 15}
MOST_AT_ONCE = 3
SHARE_OF_DOUBLE_TAPS = 0.3
# When a process is killed, in equal shares: at any moment; within some tenths of a
# second after "Send" or "Confirm"; or as soon as the write, or the message, is there,
# before anybody could be told so.
ANY, ASKED, WRITTEN = "any moment", "after Send or Confirm", "after the write"
MOMENTS = (ANY, ASKED, WRITTEN)
CRITICAL_SECONDS = {
    RASA: 0.15, ACTIONS: 0.15, CONSOLE: 0.1, WORKER: 2.2, DATABASE: 0.1,
    POSTMASTER: 0.1,
}  # fmt: skip
USUAL_SECONDS = 2.0
PEOPLE = ("Lerato M.", "Anika V.", "Johan B.")
LOGIN, PASSWORD = "anna", "a lamp beside the door"


class FaultTest:
    """Runs trials one after the other on one system."""

    def __init__(self, system: System, web: WebReceiver, seed: int) -> None:
        self._system = system
        self._web = web
        self.moments: Counter[str] = Counter()
        self._chance = random.Random(seed)
        self.book = Book(system.database)
        self._script = Script(system.folder / "domain.yml")
        self._url = f"http://{HOST}:{system.ports[RASA]}/webhooks/rest/webhook"
        self._clerk = Clerk(f"http://{HOST}:{system.ports[CONSOLE]}", PEOPLE)
        self._seconds = USUAL_SECONDS
        self._to_confirm: list[int] = []
        self.not_confirmed = 0

    def log_in(self) -> None:
        """Makes an account and logs in to the console."""
        StaffBook(self._system.database).create(
            LOGIN, PASSWORD, "admin", actor="program"
        )
        self._clerk.log_in(LOGIN, PASSWORD)

    def trial(self, *, target: str = "") -> tuple[str, Verdict]:
        """Books and confirms while one process is killed; returns which, and how."""
        target = target or self._target()
        sending = threading.Event()
        self._clerk.sending.clear()
        patients = self._patients(sending)
        people = [threading.Thread(target=patient.run) for patient in patients]
        people.append(threading.Thread(target=self.confirm_all))
        begin = time.monotonic()
        for person in people:
            person.start()
        self._wait_for_moment(target, sending)
        self._system.kill(target, self._chance)
        for person in people:
            person.join()
        if target != RASA:
            self._seconds += (time.monotonic() - begin - self._seconds) / 10
        self._system.wait_for(target)
        rows = self.book.requests([patient.sender for patient in patients])
        self._to_confirm += [row.id for row in rows]
        told = [patient.told() for patient in patients]
        stored = [(row.conversation, row.reference) for row in rows]
        return target, judge(told, stored, rasa_was_killed=target == RASA)

    def _patients(self, sending: threading.Event) -> list[Patient]:
        chance = self._chance
        return [
            Patient(
                self._url,
                f"patient-{uuid.UUID(int=chance.getrandbits(128))}",
                self._script,
                sending,
                taps_twice=chance.random() < SHARE_OF_DOUBLE_TAPS,
            )
            for _ in range(chance.randint(1, MOST_AT_ONCE))
        ]

    def confirm_all(self) -> None:
        """Confirms in the console what the trial before has brought."""
        waiting, self._to_confirm = self._to_confirm, []
        for request_id in waiting:
            self.not_confirmed += not self._clerk.confirm(request_id)

    def delivery(self, mail: MailReceiver) -> Delivery:
        """Waits until the outbox is empty and compares it with what arrived."""
        web = self._web
        self.book.wait_until_delivered()
        return judge_delivery(
            self.book.outbox(),
            {**web.events, **mail.events},
            references=self.book.references(),
            repeats=web.repeats + mail.repeats,
        )

    def _target(self) -> str:
        targets = self._system.targets()
        weights = [SHARES[name] for name in targets]
        return self._chance.choices(targets, weights)[0]

    def _wait_for_moment(self, target: str, sending: threading.Event) -> None:
        moment = self._chance.choice(MOMENTS)
        self.moments[moment] += 1
        wait = self._chance.uniform(0, self._seconds)
        if moment == ANY:
            time.sleep(wait)
        elif moment == ASKED:
            critical = self._clerk.sending if target == CONSOLE else sending
            critical.wait(self._seconds)
            time.sleep(self._chance.uniform(0, CRITICAL_SECONDS[target]))
        elif target == WORKER:
            self._web.arrived.clear()
            self._web.arrived.wait(2 * self._seconds)
        else:
            state = "confirmed" if target == CONSOLE else "requested"
            self.book.wait_for_another(state, longest=2 * self._seconds)
