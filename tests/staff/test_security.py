import pytest

from records.requests import Contact
from tests.staff.console_parts import PEOPLE, token_in, words_of
from tests.staff.test_pages import POSTS, RANK

SCRIPT = '<script>alert("x")</script>'


@pytest.mark.parametrize("name", PEOPLE)
@pytest.mark.parametrize(
    ("path", "role"), [(p, role) for role, paths in POSTS.items() for p in paths]
)
async def test_a_form_is_taken_from_its_role_and_those_above(
    browser_of, submitted, alarm, name, path, role
):
    submitted()
    alarm()
    browser = await browser_of(name)
    allowed = RANK.index(PEOPLE[name]) >= RANK.index(role)

    answer = await browser.send(path)

    assert (answer.status_code == 403) is not allowed, words_of(answer)


@pytest.mark.parametrize("path", [p for paths in POSTS.values() for p in paths])
@pytest.mark.parametrize("csrf", ["", "forged", "\ud800"])
async def test_a_forged_form_is_refused(browser_of, submitted, console, path, csrf):
    stored = submitted()
    browser = await browser_of("ada")
    answer = await browser.client.post(
        path,
        content=f"csrf={csrf}&version=1".encode("utf-8", "replace"),
        headers={"content-type": "application/x-www-form-urlencoded"},
    )
    assert answer.status_code == 403
    assert "Nothing was changed" in words_of(answer)
    assert console.book.get(stored.id) == stored


async def test_the_token_of_somebody_else_is_refused(browser_of, submitted):
    stored = submitted()
    rita, ada = await browser_of("rita"), await browser_of("ada")
    theirs = token_in((await ada.get("/password")).text)
    answer = await rita.post(f"/requests/{stored.id}/claim", csrf=theirs, version="1")
    assert answer.status_code == 403


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": "http://127.0.0.1.evil.example"},
        {"origin": "http://127.0.0.1", "sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
    ],
)
async def test_a_form_of_another_site_is_refused(
    browser_of, submitted, console, headers
):
    stored = submitted()
    browser = await browser_of("rita")
    csrf = token_in((await browser.get("/password")).text)
    data = {"csrf": csrf, "version": "1"}
    path = f"/requests/{stored.id}/claim"

    refused = await browser.client.post(path, data=data, headers=headers)
    taken = await browser.client.post(
        path,
        data=data,
        headers={"origin": "http://127.0.0.1", "sec-fetch-site": "same-origin"},
    )

    assert (refused.status_code, taken.status_code) == (403, 303)


async def test_a_foreign_name_of_the_host_is_refused(browser_of):
    browser = await browser_of()
    answer = await browser.get("/login", headers={"host": "evil.example"})
    assert answer.status_code == 400


@pytest.mark.parametrize("path", ["/login", "/", "/nowhere", "/static/console.css"])
async def test_every_answer_forbids_inline_code_and_frames(browser_of, path):
    browser = await browser_of("rita")
    headers = (await browser.get(path)).headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert headers["cache-control"] == "no-store"
    assert headers["x-content-type-options"] == "nosniff"


async def test_a_script_in_what_a_patient_typed_stays_text(
    browser_of, submitted, alarm, conversation, console
):
    stored = submitted(
        Contact(SCRIPT, "+27825550142"), note=SCRIPT, reason=SCRIPT,
        screening={SCRIPT: SCRIPT}, flags=(SCRIPT,), visit_type=SCRIPT[:40],
    )  # fmt: skip
    alarm(words=SCRIPT, flags=[SCRIPT], level="<b>", event=SCRIPT[:40])
    browser = await browser_of("ada")
    paths = ["/", "/requests", "/alarms", "/alarms/1", f"/requests/{stored.id}",
             f"/requests/{stored.id}/conversation"]  # fmt: skip
    for path in paths:
        page = await browser.get(path)
        assert page.status_code == 200
        assert SCRIPT not in page.text
        assert "<b>" not in page.text
    assert SCRIPT in words_of(await browser.get(f"/requests/{stored.id}"))
    found = await browser.send("/search", q="<script>")
    assert "1 found" in words_of(found)
    assert SCRIPT not in found.text


@pytest.mark.parametrize(
    "typed",
    ["' OR 1=1 --", "%", "_", "\\", "'; DROP TABLE contacts; --", "\0", "x" * 5000,
     "🙂", "\ud83d", "+", "{{7*7}}"],
)  # fmt: skip
async def test_nonsense_in_the_search_finds_nothing_and_breaks_nothing(
    browser_of, submitted, typed
):
    stored = submitted()
    browser = await browser_of("rita")
    answer = await browser.send("/search", q=typed.encode("utf-8", "replace"))
    assert answer.status_code == 200
    assert "Nothing found" in words_of(answer) or not typed.strip("\0")
    right = await browser.send("/search", q=stored.reference)
    assert stored.reference in right.text


@pytest.mark.parametrize(
    "path",
    ["/nowhere", "/requests/999", "/requests/x", "/requests/99999999999999999999",
     "/alarms/999", "/static/../app.py", "/static/",
     "/exports/requests.csv", "/requests/999/conversation"],
)  # fmt: skip
async def test_what_is_not_there_is_said_so(browser_of, path):
    browser = await browser_of("ada")
    answer = await browser.get(path)
    assert answer.status_code in (404, 405), answer.text[:200]


@pytest.mark.parametrize("page", ["0", "-1", "x", "9" * 30, "1e3", "²", ""])
async def test_a_nonsense_page_is_a_page_all_the_same(browser_of, page):
    browser = await browser_of("ada")
    for path in ("/requests", "/alarms", "/audit", "/questions"):
        assert (await browser.get(path, params={"page": page})).status_code == 200


@pytest.mark.parametrize("day", ["x", "0001-01-01", "9999-12-31", "2026-02-30", ""])
async def test_a_nonsense_week_is_this_week(browser_of, day):
    browser = await browser_of("rita")
    page = await browser.get("/visits", params={"day": day})
    assert "Mon 2 Mar 2026 to Sun 8 Mar 2026" in words_of(page)


async def test_too_large_a_form_is_refused(browser_of, submitted):
    submitted()
    browser = await browser_of("rita")
    answer = await browser.post("/requests/1/claim", note="x" * 70_000)
    assert answer.status_code == 413
    many = "&".join(f"a{n}=1" for n in range(500))
    answer = await browser.client.post(
        "/search",
        content=many,
        headers={"content-type": "application/x-www-form-urlencoded"},
    )
    assert answer.status_code == 413


async def test_a_database_that_is_away_is_told_in_plain_words(
    tmp_path, browser_of, console, caplog
):
    browser = await browser_of("rita")
    engine = console.staff._engine
    for file in tmp_path.glob("clinic.db*"):
        file.unlink()
    engine.dispose()
    (tmp_path / "clinic.db").mkdir()

    answers = [await browser.get("/"), await browser.log_in("rita")]

    assert [a.status_code for a in answers] == [503, 503]
    assert all("cannot reach its database" in words_of(a) for a in answers)
    assert "Traceback" not in caplog.text


async def test_an_error_that_nobody_foresaw_tells_the_log_nothing_personal(
    console, browser_of, submitted, caplog
):
    stored = submitted()
    browser = await browser_of("rita")

    class Broken:
        def record(self, request_id, *, viewer):
            raise ValueError("Thandi Nkosi")

    object.__setattr__(console, "desk", Broken())
    answer = await browser.get(f"/requests/{stored.id}")

    assert answer.status_code == 500
    assert "Something went wrong" in words_of(answer)
    assert "ValueError at " in caplog.text
    assert "Thandi" not in caplog.text + answer.text
