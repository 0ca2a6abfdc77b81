"""Starts the staff console: `python -m staff`."""

import argparse
import logging
import sys
from dataclasses import replace

import uvicorn

from documents.errors import DocumentError
from records.errors import RecordsError
from staff.app import create_app
from staff.console import Console
from staff.errors import ConsoleError
from staff.settings import Settings

HOST, PORT = "127.0.0.1", 8005
FIRST_ACCOUNT = """\
Nobody can log in to the staff console yet. Make an account; its password is asked for:

    python -m staff.users add NAME --role admin
"""


def main(arguments: list[str]) -> int:
    """Serves until it is stopped; returns 1 and says why if it cannot start."""
    parser = argparse.ArgumentParser(prog="python -m staff")
    parser.add_argument("--host", default=HOST, help=f"default {HOST}")
    parser.add_argument("--port", type=int, default=PORT, help=f"default {PORT}")
    parser.add_argument(
        "--local", action="store_true", help="this machine only, without TLS"
    )
    given = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s %(message)s")
    logging.getLogger("alembic").setLevel(logging.WARNING)
    try:
        settings = Settings.from_environment()
        settings = replace(settings, local=settings.local or given.local)
        console = Console.build(settings=settings)
        nobody = console.staff.is_empty()
    except (ConsoleError, RecordsError, DocumentError) as error:
        print(error, file=sys.stderr)
        return 1
    if nobody:
        print(FIRST_ACCOUNT, flush=True)
    print(f"Staff console: http://{given.host}:{given.port}/", flush=True)
    uvicorn.run(
        create_app(console),
        host=given.host,
        port=given.port,
        # Addresses of clients belong into no log, and the proxy has its own.
        access_log=False,
        # It has none, and the version of websockets that Rasa needs is too old.
        ws="none",
        lifespan="off",
        log_level="warning",
        server_header=False,
        # Whoever sits on this machine could otherwise claim any address.
        proxy_headers=not settings.local,
    )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
