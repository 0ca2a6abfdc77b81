"""The main ways through the console in a real Chromium, with axe on each page."""

import threading
import time
from datetime import date, datetime, timedelta, timezone
from pathlib import Path

import pytest
import uvicorn
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect, sync_playwright

from actions.replies import Unanswered
from records.questions import QuestionLog
from records.ratings import Ratings
from records.requests import Contact, Visit, Wish
from staff.app import create_app
from tests.postgresql import free_port
from tests.records.samples import request
from tests.staff.console_parts import PASSWORD, build, escalate, write_conversation

pytestmark = pytest.mark.browser

CHROMIUM = Path("/usr/bin/chromium")
ARGUMENTS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
    "resultTypes": ["violations"],
}
SCREENSHOTS = Path("var/screenshots")
SIZES = {"phone": (320, 640), "wide": (1280, 900)}
THEMES = ("light", "dark")
PAGES = {
    "today": "/",
    "requests": "/requests",
    "all-requests": "/requests?view=all",
    "visits": "/visits",
    "search": "/search",
    "request": "/requests/2",
    "enter": "/requests/new",
    "confirmed": "/requests/3",
    "ended": "/requests/4",
    "conversation": "/requests/1/conversation",
    "alarms": "/alarms",
    "alarm": "/alarms/1",
    "questions": "/questions",
    "draft": "/questions/1/draft",
    "asked": "/asked",
    "users": "/users",
    "audit": "/audit",
    "exports": "/exports",
    "password": "/password",
    "error": "/requests/999",
}


def real_now() -> datetime:
    """Returns a working day: what is shown must not depend on the day of the test."""
    return datetime(2026, 3, 4, 8, 30, tzinfo=timezone.utc)


def fill(console, url: str, folder: Path) -> None:
    people = [
        Contact("Thandi Nkosi", "+27825550142", "thandi@patient.example"),
        Contact("Johannes van der Westhuizen-Oosthuizen", "+27825550143"),
        Contact("Nomvula Dlamini", "+27825550144", "nomvula@patient.example"),
        Contact("Pieter Botha", "+27825550145"),
        Contact("Aisha Patel", "+27825550146"),
    ]
    levels = ("emergency", "urgent", "none", "none", "soon")
    wish = Wish(
        "next Thursday after 4", date(2026, 3, 5), "late afternoon", "afternoon"
    )
    for number, (person, level) in enumerate(zip(people, levels, strict=True)):
        console.book.submit(
            f"a-key-of-some-length-{number}",
            request(
                conversation=f"patient-{number + 1}",
                level=level,
                wish=wish,
                note="Please phone after four, I teach until then.",
                reason="Red flag in the chat" if number < 2 else "",
                flags=("CES_SADDLE",) if number < 2 else (),
                screening={"chest": "no", "saddle": "yes", "bladder": "not sure"},
            ),
            person,
        )
    at = datetime(2026, 3, 4, 9, 0, tzinfo=timezone.utc)
    visit = Visit("Anika V.", at, at + timedelta(hours=1))
    console.book.confirm(3, visit, version=1, actor="staff:rita")
    console.endings.end(
        4, "decline", reason="Sent twice", version=1, actor="staff:rita"
    )
    moment = real_now().timestamp()
    escalate(url, noticed_at=moment - 1200)
    escalate(
        url, conversation="patient-2", level="urgent", flags=["MOTOR_NEW"],
        words="my foot drops since this morning", noticed_at=moment - 4000,
    )  # fmt: skip
    write_conversation(folder)
    QuestionLog(url).add(
        [
            Unanswered("do you do reiki", "unknown"),
            Unanswered("do you also do reiki?", "unknown"),
            Unanswered("can i bring my dog", "choose", ("back-muscle-spasm#heat",)),
        ],
        "patient-1",
    )
    ratings = Ratings(url, clock=real_now)
    for number in range(5):
        topic = "back-muscle-spasm#heat"
        ratings.rate("patient-1", f"m{number}", topic=topic, helpful=number > 1)
    for back in range(25):
        day = real_now().date() - timedelta(days=back)
        console.counts.add(
            [("back-muscle-spasm#heat", "answered")] * (9 + back % 5)
            + [("our-clinic#opening-hours", "answered")] * (back % 4)
            + [("", "choose")] * (back % 3)
            + [("", "unknown")] * (1 + back % 2)
            + [("", "escalated")] * (back % 2),
            day=day,
        )


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    """The address of a console that is really served."""
    folder = tmp_path_factory.mktemp("served")
    url = f"sqlite:///{folder}/clinic.db"
    console = build(folder, url, real_now)
    fill(console, url, folder)
    port = free_port()
    config = uvicorn.Config(
        create_app(console), port=port, log_level="error", ws="none", lifespan="off"
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    until = time.monotonic() + 20
    while not server.started:
        assert time.monotonic() < until
        time.sleep(0.05)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(10)


@pytest.fixture(scope="module")
def chromium():
    if not CHROMIUM.exists():
        pytest.skip("Chromium is not installed: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=str(CHROMIUM), args=ARGUMENTS
        )
        yield browser
        browser.close()


@pytest.fixture
def page_of(chromium, address):
    """Returns a function that opens a page for somebody who is logged in."""
    contexts = []

    def open_one(name: str = "", size: str = "wide", theme: str = "light", **options):
        width, height = SIZES[size]
        context = chromium.new_context(
            viewport={"width": width, "height": height},
            color_scheme=theme,
            base_url=address,
            **options,
        )
        contexts.append(context)
        page = context.new_page()
        page.complaints = []
        page.on(
            "console",
            lambda m: (
                page.complaints.append(m.text)
                if m.type in ("error", "warning")
                else None
            ),
        )
        page.on("pageerror", lambda e: page.complaints.append(str(e)))
        page.goto("/login")
        if name:
            page.fill("#name", name)
            page.fill("#password", PASSWORD)
            page.click("button")
        return page

    yield open_one
    for context in contexts:
        context.close()


def require_good(page, name: str) -> None:
    """Fails if axe finds anything, or if something hangs over the edge."""
    found = Axe().run(page, options=RULES)
    assert found.violations_count == 0, f"{name}: {found.generate_report()}"
    over = page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    assert over <= 0, f"{name} is {over} px too wide"
    small = page.evaluate(
        """() => [...document.querySelectorAll(
             'button, .button, nav a, .card h2 a, .card h3 a, select, .target, summary,'
             + 'input:not([type=hidden]):not([type=checkbox]), .brand a, .me a')]
           .filter(e => e.offsetParent && e.getBoundingClientRect().height < 43.5)
           .map(e => e.outerHTML)"""
    )
    assert small == [], f"{name}: smaller than 44 px: {small}"


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("size", SIZES)
def test_every_page_can_be_used_by_everybody(page_of, size, theme):
    page = page_of(size=size, theme=theme)
    require_good(page, "login")
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SCREENSHOTS / f"login-{size}-{theme}.png", full_page=True)
    page = page_of("ada", size, theme)
    for name, path in PAGES.items():
        page.goto(path)
        file = SCREENSHOTS / f"{name}-{size}-{theme}.png"
        page.screenshot(path=file, full_page=True)
        require_good(page, f"{name} ({size}, {theme})")
        assert page.locator("h1").count() == 1
    assert [c for c in page.complaints if "404" not in c] == []


def test_axe_would_find_something(page_of):
    page = page_of()
    page.evaluate("document.querySelector('label').remove()")
    with pytest.raises(AssertionError, match="label"):
        require_good(page, "login without a label")


def test_an_overlap_is_solved_by_a_free_time_with_the_keyboard_alone(page_of):
    page = page_of("rita")
    page.goto("/requests/5")
    page.select_option("#practitioner", "Anika V.")
    page.fill("#day", "2026-03-04")
    page.fill("#time", "11:00")
    page.focus("#minutes")
    page.keyboard.press("Enter")
    problem = page.locator("#problem")
    assert "has another confirmed appointment" in problem.inner_text()
    assert page.evaluate("document.activeElement.id") == "problem"
    assert page.title().startswith("Problem: ")
    require_good(page, "overlap")
    page.screenshot(path=SCREENSHOTS / "overlap-wide-light.png", full_page=True)
    free = page.locator("button[name=at]").last
    free.focus()
    page.keyboard.press("Enter")
    assert "The time is confirmed" in page.locator(".note").inner_text()


def test_a_red_flag_is_cleared_without_javascript(page_of):
    page = page_of("carl", "phone", java_script_enabled=False)
    page.goto("/")
    page.click("text=Urgent: New or worsening weakness")
    page.fill("#reason", "Phoned; he is with a doctor")
    page.click("text=Clear the red flag")
    assert "The red flag is cleared" in page.locator(".note").inner_text()


def test_the_list_is_brought_up_to_date_and_keeps_the_focus(page_of, address):
    page = page_of("ada")
    page.clock.install()
    page.goto("/requests?view=all")
    page.mouse.move(5, 5)
    link = page.locator("#live a").first
    link.focus()
    before = page.evaluate("document.activeElement.id")
    page.evaluate("document.querySelector('#live li:last-child').remove()")
    count = page.locator("#live li").count()

    page.clock.run_for(61_000)
    expect(page.locator("#live li")).to_have_count(count + 1)

    assert page.evaluate("document.activeElement.id") == before
    expect(page.locator("#refresh-state")).to_have_text("The list has changed.")
    assert page.complaints == []


def test_the_list_rests_while_nobody_uses_the_page(page_of):
    page = page_of("ada")
    page.clock.install()
    page.goto("/")
    page.clock.run_for(11 * 60_000)
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.clock.run_for(5 * 60_000)
    assert asked == []


def test_the_first_tab_leads_past_the_menu(page_of):
    page = page_of("rita", "phone")
    page.goto("/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
