import subprocess
import sys
import threading
import time

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.operations import Operations

import records.tables
from records.appointments import AppointmentBook
from records.database import connect, metadata
from records.desk import Desk
from records.errors import NewerDatabaseError, SettingsError, UnavailableError
from records.escalations import EscalationLog, escalations
from records.migrations.versions import v0004_names_and_questions
from records.questions import QuestionLog, unanswered_questions
from tests.records.samples import THANDI, key, request, submitted, with_samples
from tests.records.test_escalations import NOTE, ROW


@pytest.fixture
def earlier(empty_database_url):
    """Returns a database as the first version made it, with an escalation in it."""
    engine = sa.create_engine(empty_database_url, future=True)
    old = sa.MetaData()
    sa.Table(
        "escalations",
        old,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("key", sa.String(64), nullable=False, unique=True),
        sa.Column("noticed_at", sa.DateTime(timezone=True), nullable=False, index=True),
        sa.Column("conversation", sa.String(255), nullable=False),
        sa.Column("channel", sa.String(80), nullable=False),
        sa.Column("event", sa.String(40), nullable=False),
        sa.Column("level", sa.String(20), nullable=False),
        sa.Column("flags", sa.JSON, nullable=False),
        sa.Column("via", sa.String(20), nullable=False),
        sa.Column("words", sa.Text, nullable=False),
    )
    sa.Table(
        "unanswered_questions",
        old,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False, index=True),
        sa.Column("conversation", sa.String(255), nullable=False),
        sa.Column("question", sa.Text, nullable=False),
        sa.Column("outcome", sa.String(40), nullable=False),
        sa.Column("options", sa.JSON, nullable=False),
    )
    old.create_all(engine)
    row = {name: ROW[name] for name in ROW if name != "id"}
    with engine.begin() as connection:
        connection.execute(sa.insert(old.tables["escalations"]), [row])
    engine.dispose()
    return empty_database_url


def differences(url):
    with connect(url).connect() as connection:
        found = compare_metadata(MigrationContext.configure(connection), metadata)
    # SQLite's own, for ids that never come back.
    return [d for d in found if getattr(d[1], "name", "") != "sqlite_sequence"]


def test_the_migrations_make_the_tables_that_the_code_describes(empty_database_url):
    assert differences(empty_database_url) == []


def test_a_database_of_the_first_version_is_taken_over_with_its_rows(earlier):
    assert EscalationLog(earlier).newest() == [ROW]
    assert differences(earlier) == []
    assert submitted(AppointmentBook(earlier)).state == "requested"


CONNECT = "import sys; from records.database import connect; connect(sys.argv[1])"


def test_processes_that_start_together_migrate_once(empty_database_url):
    starting = [
        subprocess.Popen([sys.executable, "-c", CONNECT, empty_database_url])
        for _ in range(3)
    ]

    assert [process.wait(60) for process in starting] == [0, 0, 0]
    assert differences(empty_database_url) == []


def test_threads_that_connect_together_migrate_once(empty_database_url):
    errors = []

    def start():
        try:
            QuestionLog(empty_database_url).newest()
        except Exception as error:
            errors.append(error)

    threads = [threading.Thread(target=start) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert errors == []


def test_tables_of_a_later_version_are_left_alone(empty_database_url):
    with connect(empty_database_url).begin() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    connect.__globals__["_engine_for"].cache_clear()

    with pytest.raises(NewerDatabaseError, match="9999"):
        connect(empty_database_url)


def test_sqlite_writes_ahead_and_keeps_foreign_keys(tmp_path):
    with connect(f"sqlite:///{tmp_path}/clinic.db").connect() as connection:
        pragmas = [
            connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "foreign_keys", "synchronous")
        ]
    assert pragmas == ["wal", 1, 2]


@pytest.mark.parametrize(
    "address",
    ["nonsense", "mysql://u:secret@host/x", "postgres://u:secret@host/x", "://", "\0"],
)
def test_an_address_that_cannot_be_used_is_explained_without_its_password(address):
    with pytest.raises(SettingsError) as caught:
        connect(address)
    assert "CLINIC_DATABASE_URL" in str(caught.value)
    assert "secret" not in str(caught.value)


def test_a_server_that_is_away_is_noticed_quickly_and_found_again(postgresql):
    book = AppointmentBook(postgresql.new_database())
    submitted(book)
    same = key()

    postgresql.stop()
    started = time.monotonic()
    with pytest.raises(UnavailableError, match="cannot be used"):
        book.submit(same, request(), THANDI)
    took = time.monotonic() - started
    postgresql.start()

    assert took < 5
    assert book.submit(same, request(), THANDI).is_new


def test_no_server_at_the_start_is_explained_without_the_password():
    url = "postgresql://clinic:secret@127.0.0.1:1/clinic"
    with pytest.raises(UnavailableError) as caught:
        AppointmentBook(url).get(1)
    assert "secret" not in str(caught.value)


def test_a_file_that_is_no_database_is_explained(tmp_path):
    (tmp_path / "clinic.db").write_text("no database " * 100)
    with pytest.raises(records.errors.RecordsError, match="DatabaseError"):
        AppointmentBook(f"sqlite:///{tmp_path}/clinic.db").get(1)


def test_a_folder_that_cannot_be_made_is_explained(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(UnavailableError):
        AppointmentBook(f"sqlite:///{tmp_path}/file/clinic.db").get(1)


# A limit on the size of files is what a full disk looks like to SQLite.
FILL = """
import resource, signal, sys
from records.database import connect
from records.errors import UnavailableError
from records.appointments import AppointmentBook
from samples import THANDI, key, request
book = AppointmentBook(sys.argv[1])
book.submit(key(), request(), THANDI)
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, resource.RLIM_INFINITY))
stored = 0
try:
    while stored < 1000:
        book.submit(key(), request(note="n" * 4000), THANDI)
        stored += 1
except UnavailableError as error:
    print(error)
resource.setrlimit(resource.RLIMIT_FSIZE, (-1, -1))
last = key()
book.submit(last, request(), THANDI)
print(stored, book.submit(last, request(), THANDI).request_id)
"""


def test_a_full_disk_is_explained_and_what_was_stored_stays(tmp_path, root):
    url = f"sqlite:///{tmp_path}/clinic.db"

    run = subprocess.run(
        [sys.executable, "-c", FILL, url],
        cwd=root,
        env=with_samples(),
        check=True,
        capture_output=True,
        text=True,
    )

    problem, counts = run.stdout.splitlines()
    stored, last_id = map(int, counts.split())
    assert "its disk has room" in problem
    assert 0 < stored < 1000
    assert last_id == stored + 2


@pytest.mark.parametrize("table", [escalations, unanswered_questions])
def test_words_that_a_database_cannot_keep_are_kept_without_them(
    empty_database_url, table
):
    EscalationLog(empty_database_url).add({**NOTE, "words": "a\0b \ud83d c"})
    assert EscalationLog(empty_database_url).newest()[0]["words"] == "ab ? c"


def test_names_of_an_earlier_version_are_found_after_the_migration(database_url):
    stored = submitted(AppointmentBook(database_url))
    engine = connect(database_url)
    with engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE contact_words")
        connection.exec_driver_sql("DROP INDEX ix_unanswered_questions_key")
        connection.exec_driver_sql("ALTER TABLE unanswered_questions DROP COLUMN key")
        with Operations.context(MigrationContext.configure(connection)):
            v0004_names_and_questions.upgrade()

    found = Desk(database_url).search("thandi", now=stored.created_at)
    assert [line.request for line in found] == [stored]
