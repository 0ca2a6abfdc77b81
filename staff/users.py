"""Accounts of the staff, from the terminal: `python -m staff.users`."""

import argparse
import getpass
import os
import sys
from collections.abc import Callable

from records.audit import PROGRAM, staff
from records.errors import RecordsError
from records.staff import ROLES, StaffBook


def main(arguments: list[str], book: StaffBook | None = None) -> int:
    """Runs one command; returns 1 and says why if it is not possible."""
    given = _parser().parse_args(arguments)
    book = book or StaffBook()
    try:
        print(COMMANDS[given.command](book, given))
    except (RecordsError, PasswordsDifferError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


class PasswordsDifferError(Exception):
    """The two passwords that were typed differ."""

    def __init__(self) -> None:
        super().__init__("The two passwords differ. Nothing was changed; try again.")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m staff.users")
    commands = parser.add_subparsers(dest="command", required=True)
    add = commands.add_parser("add", help="make an account")
    add.add_argument("name")
    add.add_argument("--role", required=True, choices=ROLES)
    for command, text in (
        ("password", "give an account a new password"),
        ("close", "let somebody in no more"),
    ):
        commands.add_parser(command, help=text).add_argument("name")
    commands.add_parser("list", help="show all accounts")
    return parser


def _add(book: StaffBook, given: argparse.Namespace) -> str:
    user = book.create(given.name, _password(), given.role, actor=_actor())
    return f"'{user.name}' can log in to the staff console, as {user.role}."


def _set_password(book: StaffBook, given: argparse.Namespace) -> str:
    book.set_password(given.name, _password(), actor=_actor())
    return f"'{given.name}' has a new password; all logins have ended."


def _close(book: StaffBook, given: argparse.Namespace) -> str:
    book.deactivate(given.name, actor=_actor())
    return f"'{given.name}' can log in no more."


def _list(book: StaffBook, given: argparse.Namespace) -> str:
    rows = [
        f"{user['name']:<20}  {user['role']:<10}  "
        f"{'active' if user['active'] else 'closed'}"
        for user in book.users()
    ]
    return "\n".join(rows) or "There is no account yet."


COMMANDS: dict[str, Callable[[StaffBook, argparse.Namespace], str]] = {
    "add": _add,
    "password": _set_password,
    "close": _close,
    "list": _list,
}


def _password() -> str:
    """Asks on the terminal, twice; otherwise reads a line of standard input."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    password = getpass.getpass("Password: ")
    if getpass.getpass("Once more: ") != password:
        raise PasswordsDifferError
    return password


def _actor() -> str:
    """Returns who sits at the terminal, as far as the machine knows."""
    try:
        return staff(f"{getpass.getuser()} (terminal)")
    except (OSError, KeyError):
        return f"{PROGRAM}:{os.getuid()}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
