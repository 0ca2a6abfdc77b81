import asyncio
import re
from datetime import timedelta

import pytest

from records.staff import IDLE, LONGEST_SESSION
from staff.guard import lock
from staff.settings import Settings
from tests.staff.console_parts import PASSWORD, PEOPLE, Browser, build, words_of

WRONG = "The name or the password is wrong"


async def test_without_a_login_every_page_leads_to_the_login(browser_of):
    browser = await browser_of()
    for path in ("/", "/requests/1", "/alarms/1", "/users", "/exports", "/asked"):
        answer = await browser.get(path)
        assert (answer.status_code, answer.text) == (303, "")
        assert answer.headers["location"].startswith("/login")


async def test_without_a_login_nothing_can_be_changed(browser_of, submitted, console):
    stored = submitted()
    browser = await browser_of()
    answer = await browser.post(f"/requests/{stored.id}/claim", version="1", csrf="x")
    assert answer.headers["location"] == "/login?ended=1"
    assert console.book.get(stored.id) == stored


async def test_a_login_leads_back_to_the_page_that_was_wanted(browser_of):
    browser = await browser_of()
    answer = await browser.get("/visits")
    page = await browser.get(answer.headers["location"])
    csrf = re.search(r'name="csrf" value="([^"]+)"', page.text)[1]
    wanted = re.search(r'name="next" value="([^"]+)"', page.text)[1]
    answer = await browser.post(
        "/login", name="rita", password=PASSWORD, csrf=csrf, next=wanted
    )
    assert answer.headers["location"] == "/visits"


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example",
        "//evil.example",
        "/\\evil.example",
        "javascript:x",
        "/a:b",
    ],
)
async def test_a_login_leads_to_no_other_site(browser_of, elsewhere):
    browser = await browser_of()
    page = await browser.get("/login", params={"next": elsewhere})
    assert 'name="next" value="/"' in page.text


async def test_the_cookie_is_out_of_reach_for_scripts_and_other_sites(browser_of):
    browser = await browser_of()
    answer = await browser.log_in("rita")
    cookie = next(c for c in answer.headers.get_list("set-cookie") if "Max-Age=4" in c)
    assert cookie.startswith("clinic_staff=")
    assert {"HttpOnly", "SameSite=lax", "Path=/"} <= set(cookie.split("; "))


async def test_the_cookie_needs_tls_unless_the_console_is_local(tmp_path, url):

    browser = Browser(build(tmp_path, url, settings=Settings()))
    page = await browser.get("/login")
    assert "Secure" in page.headers["set-cookie"]
    assert page.headers["strict-transport-security"]
    # A browser does not send it back without TLS, so neither does this one.
    csrf = re.search(r'name="csrf" value="([^"]+)"', page.text)[1]
    browser.client.cookies.clear()
    answer = await browser.client.post(
        "/login",
        data={"name": "rita", "password": PASSWORD, "csrf": csrf},
        headers={"cookie": f"clinic_staff_form={csrf}"},
    )
    cookie = answer.headers.get_list("set-cookie")[0]
    assert cookie.startswith("__Host-clinic_staff=")
    assert "Secure" in cookie
    await browser.client.aclose()


@pytest.mark.parametrize("name", ["rita", "nobody", "RITA ", "' OR 1=1 --", "\0"])
async def test_a_wrong_password_says_the_same_for_every_name(browser_of, name):
    browser = await browser_of()
    answer = await browser.log_in(name, "not the password")
    assert answer.status_code == 401
    assert WRONG in words_of(answer)


async def test_an_unknown_name_is_checked_like_a_known_one(browser_of, console):
    seen = []
    hasher = console.staff._hasher
    verify = hasher.verify

    class Watched:
        hash = hasher.hash

        def verify(self, known, password):
            seen.append(known)
            return verify(known, password)

    console.staff._hasher = Watched()
    browser = await browser_of()
    await browser.log_in("nobody", "not the password")
    await browser.log_in("rita", "not the password")
    assert [known.split("$")[1:4] for known in seen] == [seen[0].split("$")[1:4]] * 2


async def test_five_failures_lock_a_name_also_for_the_right_password(browser_of):
    browser = await browser_of()
    for _ in range(5):
        assert (await browser.log_in("rita", "wrong")).status_code == 401
    answer = await browser.log_in("rita")
    assert answer.status_code == 429
    assert "Wait 15 minutes" in words_of(answer)
    assert (await browser.log_in("carl")).status_code == 303


async def test_an_unknown_name_is_locked_like_a_known_one(browser_of):
    browser = await browser_of()
    answers = [await browser.log_in("nobody", "wrong") for _ in range(6)]
    assert [a.status_code for a in answers] == [401] * 5 + [429]


async def test_each_failure_after_a_lock_doubles_the_wait(browser_of, hands):
    browser = await browser_of()
    for _ in range(5):
        await browser.log_in("rita", "wrong")
    hands.turn(timedelta(minutes=16))
    assert (await browser.log_in("rita", "wrong")).status_code == 401
    hands.turn(timedelta(minutes=16))
    assert "Wait 14 minutes" in words_of(await browser.log_in("rita"))
    hands.turn(timedelta(minutes=15))
    assert (await browser.log_in("rita")).status_code == 303
    await browser.log_in("rita", "wrong")
    assert (await browser.log_in("rita")).status_code == 303


def test_the_wait_has_an_end():
    minutes = [lock(n) / timedelta(minutes=1) for n in (0, 1, 2, 3, 1000)]
    assert minutes == [15, 30, 60, 60, 60]


async def test_many_failures_lock_an_address_for_all_names(browser_of):
    browser = await browser_of()
    for number in range(30):
        await browser.log_in(f"name{number}", "wrong")
    assert (await browser.log_in("rita")).status_code == 429
    other = await browser_of(address="10.0.0.8")
    assert (await other.log_in("rita")).status_code == 303


async def test_guesses_at_the_same_moment_do_not_slip_through(browser_of):
    browsers = [await browser_of() for _ in range(12)]
    answers = await asyncio.gather(*(b.log_in("rita", "wrong") for b in browsers))
    assert sum(a.status_code == 401 for a in answers) <= 5


async def test_a_session_ends_if_nobody_uses_it(browser_of, hands):
    browser = await browser_of("rita")
    hands.turn(IDLE - timedelta(minutes=1))
    assert (await browser.get("/")).status_code == 200
    hands.turn(IDLE + timedelta(minutes=1))
    assert (await browser.get("/")).status_code == 303


async def test_a_session_ends_after_a_day_however_much_it_is_used(browser_of, hands):
    browser = await browser_of("rita")
    for _ in range(int(LONGEST_SESSION / timedelta(minutes=20))):
        hands.turn(timedelta(minutes=20))
        last = await browser.get("/password")
    assert last.status_code == 303


async def test_a_session_is_over_after_logging_out(browser_of, console):
    browser = await browser_of("rita")
    stolen = browser.client.cookies["clinic_staff"]
    await browser.send("/logout")
    other = await browser_of()
    other.client.cookies.set("clinic_staff", stolen)
    for each in (browser, other):
        assert (await each.get("/")).status_code == 303
    assert [line["action"] for line in console.trail.newest(1)] == ["log_out"]


async def test_a_login_makes_a_new_token_and_ends_the_old_one(browser_of):
    browser = await browser_of("rita")
    first = browser.client.cookies["clinic_staff"]
    await browser.log_in("carl")
    assert browser.client.cookies["clinic_staff"] != first
    old = await browser_of()
    old.client.cookies.set("clinic_staff", first)
    assert (await old.get("/")).status_code == 303


async def test_a_login_form_of_another_page_is_refused(browser_of):
    browser = await browser_of()
    await browser.get("/login")
    answer = await browser.post("/login", name="rita", password=PASSWORD, csrf="forged")
    assert answer.status_code == 403
    assert "clinic_staff" not in browser.client.cookies


async def test_one_can_change_ones_own_password(browser_of, console):
    browser, elsewhere = await browser_of("rita"), await browser_of("rita")
    new = "seven grey geese"
    answer = await browser.send("/password", current=PASSWORD, new=new, again=new)
    assert answer.headers["location"] == "/password?changed=1"
    assert (await browser.get("/")).status_code == 200
    assert (await elsewhere.get("/")).status_code == 303
    assert (await (await browser_of()).log_in("rita")).status_code == 401
    assert (await (await browser_of()).log_in("rita", new)).status_code == 303


@pytest.mark.parametrize(
    ("current", "new", "again", "says"),
    [
        ("wrong", "seven grey geese", "seven grey geese", "current password"),
        (PASSWORD, "seven grey geese", "other grey geese", "differ"),
        (PASSWORD, "short", "short", "12 to 200 signs"),
        (PASSWORD, "aaaaaaaaaaaaaaa", "aaaaaaaaaaaaaaa", "too simple"),
        (PASSWORD, "rita sings well", "rita sings well", "holds the name"),
    ],
)
async def test_a_password_is_not_changed(browser_of, current, new, again, says):
    browser = await browser_of("rita")
    answer = await browser.send("/password", current=current, new=new, again=again)
    assert answer.status_code == 422
    assert says in words_of(answer)
    assert (await (await browser_of()).log_in("rita")).status_code == 303


@pytest.mark.parametrize("name", PEOPLE)
async def test_the_page_says_who_is_logged_in(browser_of, name):
    browser = await browser_of(name)
    assert f"{name} ({PEOPLE[name]})" in words_of(await browser.get("/"))
