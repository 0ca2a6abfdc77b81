"""A real PostgreSQL server for tests and benchmarks, in a folder of its own."""

import os
import shutil
import subprocess
import tempfile
import time
import uuid
from pathlib import Path
from typing import Any

import psutil
import psycopg2

from deploy.development.ports import free_port

DEBIAN_FOLDERS = "/usr/lib/postgresql"
LONGEST_START_SECONDS = 20

# TRUNCATE takes ten times as long. As a replica, since the audit trail would refuse it.
EMPTY = """
SET session_replication_role = replica;
DO $$ DECLARE name text; BEGIN
  FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = '{schema}'
    AND tablename <> 'alembic_version' LOOP
    EXECUTE format('DELETE FROM {schema}.%I', name);
  END LOOP;
  PERFORM setval(format('{schema}.%I', sequencename)::regclass, 1, false)
    FROM pg_sequences WHERE schemaname = '{schema}';
END $$
"""


def programs() -> Path | None:
    """Returns the folder of initdb and postgres, or None."""
    found = shutil.which("initdb")
    folders = [Path(found).resolve().parent] if found else []
    folders += sorted(Path(DEBIAN_FOLDERS).glob("*/bin"), reverse=True)
    return next((f for f in folders if (f / "postgres").is_file()), None)


class PostgresqlServer:
    """Starts at once; `stop` and `start` make the database go away and come back."""

    def __init__(self, folder: Path) -> None:
        self._programs = folder
        # Not below pytest's folder, which only root may enter if root runs the tests.
        self._folder = Path(tempfile.mkdtemp(prefix="clinic-postgresql-"))
        self.port = free_port()
        self._used: str | None = None
        # PostgreSQL refuses to run as root.
        self._user: dict[str, Any] = {}
        if os.geteuid() == 0:
            self._user = {"user": "postgres"}
            shutil.chown(self._folder, "postgres")
        self._run(
            "initdb", "--auth=trust", "--username=clinic", "--encoding=UTF8",
            "--no-sync", "--pgdata", "data",
        )  # fmt: skip
        self.start()

    def _run(self, program: str, *arguments: str) -> None:
        subprocess.run(
            [self._programs / program, *arguments],
            cwd=self._folder,
            check=True,
            capture_output=True,
            **self._user,
        )

    def start(self) -> None:
        """Starts the server and waits until it answers.

        Raises:
            TimeoutError: it does not.
        """
        self._process = subprocess.Popen(
            [
                self._programs / "postgres",
                "-D", "data", "-p", str(self.port), "-h", "127.0.0.1",
                "-k", str(self._folder), "-c", "fsync=off",
                "-c", "full_page_writes=off",
                "-c", "autovacuum=off", "-c", "jit=off", "-c", "max_connections=100",
            ],
            cwd=self._folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            **self._user,
        )  # fmt: skip
        until = time.monotonic() + LONGEST_START_SECONDS
        while not self._answers():
            if time.monotonic() > until:
                raise TimeoutError("PostgreSQL did not start. Is its disk full?")
            time.sleep(0.05)

    def _answers(self) -> bool:
        try:
            self._connect().close()
        except psycopg2.OperationalError:
            return False
        return True

    @property
    def pid(self) -> int:
        """The process that starts one for each connection."""
        return self._process.pid

    def _connect(self) -> Any:
        return psycopg2.connect(
            host="127.0.0.1", port=self.port, user="clinic", dbname="postgres"
        )

    def stop(self) -> None:
        """Ends the server as a crash would."""
        self._process.send_signal(3)  # SIGQUIT: at once, as if it had crashed
        self._process.wait(10)

    def kill(self) -> None:
        """Ends the first process by signal 9: nothing can be put in order."""
        orphans = psutil.Process(self.pid).children()
        self._process.kill()
        self._process.wait(10)
        # They end by themselves; until then the memory that they share is in use.
        psutil.wait_procs(orphans, timeout=LONGEST_START_SECONDS)

    def remove(self) -> None:
        """Ends the server and deletes its data."""
        self.stop()
        shutil.rmtree(self._folder)

    def used_database(self) -> str:
        """Returns the address of a schema that tests share, without any row."""
        if self._used is None:
            self._used = self.new_database()
        name = self._used.rpartition("%3D")[2]
        connection = self._connect()
        with connection, connection.cursor() as cursor:
            cursor.execute(EMPTY.format(schema=name))
        connection.close()
        return self._used

    def new_database(self) -> str:
        """Returns the address of an empty schema; a database of its own takes 7 MB."""
        name = f"clinic_{uuid.uuid4().hex}"
        connection = self._connect()
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(f"CREATE SCHEMA {name}")
        connection.close()
        address = f"postgresql://clinic@127.0.0.1:{self.port}/postgres"
        return f"{address}?options=-csearch_path%3D{name}"
