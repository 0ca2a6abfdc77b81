import pytest
import sqlalchemy as sa

from records.appointments import AppointmentBook
from records.audit import AuditTrail
from records.database import connect
from tests.records.samples import THANDI_BY_MAIL, confirmed


@pytest.fixture
def trail(database_url):
    return AuditTrail(database_url)


def test_a_view_is_noted(trail):
    trail.note("staff:anna", "view", request_id=7)
    (line,) = trail.of(7)
    assert (line["actor"], line["action"]) == ("staff:anna", "view")


def test_newest_lines_come_first_and_page_by_page(trail):
    for number in range(5):
        trail.note("program", "test", detail=str(number))
    assert [line["detail"] for line in trail.newest(2)] == ["4", "3"]
    assert [line["detail"] for line in trail.newest(2, skip=2)] == ["2", "1"]


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE audit_trail SET actor = 'nobody'",
        "DELETE FROM audit_trail",
        "DELETE FROM audit_trail WHERE id = 1",
    ],
)
def test_no_line_can_be_changed_or_deleted(trail, database_url, change):
    trail.note("staff:anna", "view")
    before = trail.newest()

    with (
        pytest.raises(sa.exc.DBAPIError, match="append-only"),
        connect(database_url).begin() as connection,
    ):
        connection.execute(sa.text(change))

    assert trail.newest() == before


def test_the_table_cannot_be_emptied_at_once(postgresql):
    url = postgresql.new_database()
    with (
        pytest.raises(sa.exc.DBAPIError, match="append-only"),
        connect(url).begin() as connection,
    ):
        connection.execute(sa.text("TRUNCATE audit_trail"))


def test_contact_details_stand_in_one_table_only(database_url):
    confirmed(AppointmentBook(database_url), contact=THANDI_BY_MAIL)
    engine = connect(database_url)
    holding = set()
    with engine.connect() as connection:
        for name in sa.inspect(engine).get_table_names():
            text = str(connection.execute(sa.text(f"SELECT * FROM {name}")).all())
            if any(word in text for word in ("Thandi", "825550142", "patient.ex")):
                holding.add(name)
    assert holding == {"contacts"}
