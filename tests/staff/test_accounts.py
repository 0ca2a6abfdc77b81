import io
import os
import subprocess
import sys

import pytest

from records.staff import StaffBook
from staff import users
from staff.errors import ConsoleSettingsError
from staff.settings import Settings
from tests.postgresql import free_port
from tests.staff.console_parts import FAST, PASSWORD, words_of

NEW = "seven grey geese"


async def test_an_administrator_makes_changes_and_closes_accounts(browser_of, console):
    ada = await browser_of("ada")
    await ada.send("/users/add", name="Nina", role="reception", password=NEW)
    nina = await browser_of()
    assert (await nina.log_in("nina", NEW)).status_code == 303
    await ada.send("/users/password", name="nina", password="other grey geese")
    assert (await nina.get("/")).status_code == 303
    assert (await nina.log_in("nina", "other grey geese")).status_code == 303
    await ada.send("/users/close", name="nina")
    assert (await nina.get("/")).status_code == 303
    assert (await nina.log_in("nina", "other grey geese")).status_code == 401
    actions = [x["action"] for x in console.trail.newest() if x["actor"] == "staff:ada"]
    assert actions[:3] == ["deactivate_staff", "set_password", "create_staff"]


@pytest.mark.parametrize(
    ("path", "fields", "says"),
    [
        ("add", {"name": "rita", "role": "admin", "password": NEW}, "exists already"),
        ("add", {"name": "<b>", "role": "admin", "password": NEW}, "A name has"),
        ("add", {"name": "nina", "role": "boss", "password": NEW}, "is no role"),
        ("add", {"name": "nina", "role": "admin", "password": "x"}, "12 to 200"),
        ("password", {"name": "nobody", "password": NEW}, "nobody called"),
        ("password", {"name": "rita", "password": "x"}, "12 to 200"),
        ("close", {"name": "ada"}, "your own account"),
        ("close", {"name": " ADA "}, "your own account"),
        ("close", {"name": "nobody"}, "nobody called"),
    ],
)
async def test_what_cannot_be_done_with_an_account_is_told(
    browser_of, path, fields, says
):
    ada = await browser_of("ada")
    answer = await ada.send(f"/users/{path}", **fields)
    assert answer.status_code == 422
    assert says in words_of(answer)


@pytest.fixture
def book(url):
    return StaffBook(url, hasher=FAST)


def type_in(monkeypatch, text):
    monkeypatch.setattr(sys, "stdin", io.StringIO(text))


def test_an_account_is_made_from_the_terminal(book, monkeypatch, capsys):
    type_in(monkeypatch, f"{NEW}\n")
    assert users.main(["add", "Nina", "--role", "clinician"], book) == 0
    assert capsys.readouterr().out == (
        "'nina' can log in to the staff console, as clinician.\n"
    )
    assert book.session(book.log_in("nina", NEW, address="here")).user.role == (
        "clinician"
    )
    users.main(["list"], book)
    assert "nina                  clinician   active" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("command", "typed", "says"),
    [
        (["add", "rita", "--role", "admin"], NEW, "exists already"),
        (["add", "nina", "--role", "admin"], "", "12 to 200 signs"),
        (["password", "nobody"], NEW, "nobody called"),
        (["close", "nobody"], "", "nobody called"),
    ],
)
def test_the_terminal_says_what_is_wrong(
    book, monkeypatch, capsys, command, typed, says
):
    type_in(monkeypatch, typed)
    assert users.main(command, book) == 1
    output = capsys.readouterr()
    assert says in output.err
    assert NEW not in output.out + output.err


def test_a_role_that_does_not_exist_is_refused(book):
    with pytest.raises(SystemExit):
        users.main(["add", "nina", "--role", "boss"], book)


def test_an_account_is_closed_from_the_terminal(book):
    token = book.log_in("rita", PASSWORD, address="here")
    assert users.main(["close", "rita"], book) == 0
    assert book.session(token) is None


@pytest.mark.parametrize(
    "values",
    [{"CLINIC_STAFF_LOCAL": "maybe"}, {"CLINIC_STAFF_HOSTS": "*"},
     {"CLINIC_STAFF_HOSTS": "https://desk.example"}],
)  # fmt: skip
def test_a_setting_that_cannot_be_used_stops_the_start(values):
    with pytest.raises(ConsoleSettingsError):
        Settings.from_environment(values)


def test_cookies_are_secure_unless_the_console_is_told_to_be_local():
    assert not Settings.from_environment({}).local
    assert Settings.from_environment({"CLINIC_STAFF_LOCAL": "true"}).local
    hosts = Settings.from_environment({"CLINIC_STAFF_HOSTS": "a.example, b.example"})
    assert hosts.hosts[:2] == ("a.example", "b.example")


def test_the_first_start_prints_how_to_make_an_account(tmp_path):
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "staff", "--local", "--port", str(port)],
        env={**os.environ, "CLINIC_DATABASE_URL": f"sqlite:///{tmp_path}/new.db"},
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        lines = [process.stdout.readline() for _ in range(5)]
    finally:
        process.terminate()
        process.wait(20)
    assert "python -m staff.users add NAME --role admin" in "".join(lines)
    assert f"http://127.0.0.1:{port}/" in lines[-1]
    assert StaffBook(f"sqlite:///{tmp_path}/new.db").is_empty()


async def test_an_admin_changes_a_role_and_opens_a_closed_account(browser_of, console):
    ada = await browser_of("ada")
    rita = await browser_of("rita")
    answer = await ada.send("/users/role", name="rita", role="clinician")
    assert answer.headers["location"] == "/users?done=role"
    # The old role must not live on in an open session.
    assert (await rita.get("/")).status_code == 303
    assert (await rita.log_in("rita")).status_code == 303
    assert (await rita.get("/questions")).status_code == 200

    await ada.send("/users/close", name="rita")
    assert (await rita.log_in("rita")).status_code != 303
    answer = await ada.send("/users/open", name="rita")
    assert answer.headers["location"] == "/users?done=opened"
    assert (await rita.log_in("rita")).status_code == 303
    actions = [line["action"] for line in console.trail.newest(20)]
    assert {"set_role", "activate_staff"} <= set(actions)


async def test_nobody_changes_the_own_role_or_gives_one_that_is_none(browser_of):
    ada = await browser_of("ada")
    assert (
        await ada.send("/users/role", name="ada", role="reception")
    ).status_code == 422
    assert (await ada.send("/users/role", name="rita", role="king")).status_code == 422
    assert (await ada.send("/users/open", name="nobody")).status_code == 422


async def test_only_an_admin_changes_roles(browser_of):
    carl = await browser_of("carl")
    assert (
        await carl.send("/users/role", name="carl", role="admin")
    ).status_code == 403
    assert (await carl.send("/users/open", name="carl")).status_code == 403
