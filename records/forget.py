"""Deletes one patient's data, as staff: `python -m records.forget --by NAME ...`."""

import argparse
import sys
from datetime import timedelta

from actions.booking.phones import PhoneBook
from documents.errors import DocumentError
from documents.facts import Facts
from documents.library import CLINIC_FOLDER
from records.appointments import AppointmentBook
from records.audit import staff
from records.errors import RecordsError
from records.privacy import Privacy


def main(arguments: list[str]) -> int:
    """Deletes and prints how much; returns 1 and says why if it cannot."""
    parser = argparse.ArgumentParser(prog="python -m records.forget")
    parser.add_argument("--by", required=True, metavar="NAME", help="your login")
    parser.add_argument("--conversation", metavar="ID")
    parser.add_argument("--reference", metavar="K7Q-4MD")
    parser.add_argument("--phone", metavar="NUMBER", help="as 082 555 0142")
    given = parser.parse_args(arguments)
    if not given.conversation and not (given.reference and given.phone):
        parser.error("name the conversation, or the reference and the phone number")
    try:
        conversation = given.conversation or _conversation(given)
        if conversation is None:
            print("No request has this reference and phone number.", file=sys.stderr)
            return 1
        privacy = Privacy()
        done = privacy.forget(conversation, actor=staff(given.by), rest=timedelta(0))
        privacy.forget_due()
    except (RecordsError, DocumentError) as error:
        print(error, file=sys.stderr)
        return 1
    print(
        f"Deleted: {done.requests} requests, {done.questions} questions, "
        f"{done.escalations} escalations, and the conversation."
    )
    if done.kept:
        print(
            f"Kept, as the visit is to come: {', '.join(done.kept)}. Cancel it first."
        )
    return 0


def _conversation(given: argparse.Namespace) -> str | None:
    phones = PhoneBook.from_facts(Facts.from_file(CLINIC_FOLDER / "clinic.yml"))
    found = AppointmentBook().find(
        given.reference,
        # As the clinic's country writes numbers, or with a country's code.
        phones.as_stored(given.phone),
        conversation=staff(given.by),
    )
    return found.conversation if found else None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
