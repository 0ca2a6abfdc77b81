"""Kills processes while patients book, and counts what is lost: `make faults`."""

import argparse
import itertools
import random
import shutil
import sys
import tempfile
import time
import uuid
from collections import Counter, defaultdict
from collections.abc import Mapping
from pathlib import Path

from benchmarks.fault_people import NAME, PHONE
from benchmarks.fault_processes import System
from benchmarks.fault_receivers import MailReceiver, WebReceiver
from benchmarks.fault_records import SLICES_OF_A_VISIT
from benchmarks.fault_trials import FaultTest
from benchmarks.fault_verdict import Verdict

# How a number may be written: as typed, and as stored.
WRITTEN = (PHONE, PHONE.replace(" ", "").removeprefix("0"))
COLUMNS = ("requests", "sent again", "lost", "doubled", "silence", "no reference")


def main(arguments: list[str]) -> int:
    """Prints what happened; returns 1 if anything was lost, doubled or left unsaid."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.faults")
    parser.add_argument("--trials", type=int, default=200)
    parser.add_argument("--seed", type=int, default=random.randrange(10**6))
    parser.add_argument("--only", metavar="PROCESS", help="kill no other process")
    parser.add_argument("--in-turn", action="store_true", help="kill one by one")
    given = parser.parse_args(arguments)
    folder = Path(tempfile.mkdtemp(prefix="clinic-faults-"))
    web, mail = WebReceiver(given.seed), MailReceiver(given.seed)
    system = System(folder, settings(web, mail))
    try:
        system.start()
        kind = "PostgreSQL" if system.postgresql else "SQLite"
        print(f"{given.trials} trials on {kind}, seed {given.seed}", flush=True)
        is_good = run(given, system, web, mail)
    finally:
        system.stop()
        web.stop()
        mail.stop()
    if is_good:
        shutil.rmtree(folder)
    else:
        print(f"\nThe output of all processes: {folder}/processes.log")
    return int(not is_good)


def settings(web: WebReceiver, mail: MailReceiver) -> dict[str, str]:
    """Returns how messages leave the clinic of the test."""
    return {
        "CLINIC_SMTP_URL": mail.url,
        "CLINIC_MAIL_FROM": "desk@clinic.example",
        "CLINIC_MAIL_TO": "reception@clinic.example",
        "CLINIC_WEBHOOK_URL": web.url,
        "CLINIC_WEBHOOK_SECRET": uuid.uuid4().hex,
    }


def run(
    given: argparse.Namespace, system: System, web: WebReceiver, mail: MailReceiver
) -> bool:
    """Runs all trials and prints the tables; returns whether nothing is wrong."""
    test = FaultTest(system, web, given.seed)
    test.log_in()
    totals: dict[str, Verdict] = defaultdict(Verdict)
    trials: Counter[str] = Counter()
    begin = time.monotonic()
    in_turn = itertools.cycle(system.targets() if given.in_turn else [given.only or ""])
    for number in range(1, given.trials + 1):
        target, verdict = test.trial(target=next(in_turn))
        totals[target] += verdict
        trials[target] += 1
        if not verdict.is_good:
            print(f"Trial {number}, {target} killed: {verdict}", flush=True)
        if number % 20 == 0:
            minutes = (time.monotonic() - begin) / 60
            print(f"{number} trials in {minutes:.1f} minutes", flush=True)
    test.confirm_all()
    print_trials(trials, totals)
    print(", ".join(f"{name}: {n}" for name, n in sorted(test.moments.items())))
    messages_good = print_messages(test, mail)
    records_good = print_records(test, system)
    trials_good = all(verdict.is_good for verdict in totals.values())
    return trials_good and messages_good and records_good


def print_trials(trials: Mapping[str, int], totals: Mapping[str, Verdict]) -> None:
    """Prints a line for each process that was killed."""
    print(f"\n{'killed':<14}{'trials':>8}" + "".join(f"{c:>14}" for c in COLUMNS))
    whole = sum(totals.values(), Verdict())
    for name, v in [*sorted(totals.items()), ("all", whole)]:
        number = trials.get(name, sum(trials.values()))
        values = (v.requests, v.retried, v.lost, v.doubled, v.silent, v.gave_up)
        print(f"{name:<14}{number:>8}" + "".join(f"{value:>14}" for value in values))


def print_messages(test: FaultTest, mail: MailReceiver) -> bool:
    """Prints what became of the outbox; returns whether all is well."""
    delivery = test.delivery(mail)
    print(f"\nMessages to deliver: {delivery.messages}")
    print(f"  not delivered: {delivery.missing}")
    print(f"  delivered without being in the outbox: {delivery.unknown}")
    print(f"  webhooks too few or too many for a request: {delivery.wrong}")
    print(f"  came once more with the same id, to be dropped: {delivery.repeats}")
    return delivery.is_good


def print_records(test: FaultTest, system: System) -> bool:
    """Prints what stands in the database; returns whether all is well."""
    requests, held = len(test.book.references()), test.book.held_slices()
    histories = test.book.wrong_histories()
    print(f"\nRequests in the database: {requests}")
    print(f"  not confirmed in the console: {test.not_confirmed}")
    print(f"  not submitted and confirmed exactly once: {histories}")
    print(f"  slices of time held: {held} of {requests * SLICES_OF_A_VISIT}")
    print(f"Processes that ended by themselves: {dict(system.ended_by_themselves)}")
    told = system.log_lines_with(NAME, *WRITTEN)
    print(f"Lines of all logs with a name or a number: {told}")
    whole = held == requests * SLICES_OF_A_VISIT
    return whole and not (histories or test.not_confirmed or told)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
