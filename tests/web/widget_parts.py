"""What a person does with the widget, and what must be true of it in every state."""

from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

SCREENSHOTS = Path("var/screenshots")
# All rules for WCAG 2.2 A and AA, and the others that Lighthouse counts.
RULES = {
    "runOnly": [
        "wcag2a",
        "wcag2aa",
        "wcag21a",
        "wcag21aa",
        "wcag22aa",
        "best-practice",
    ],
    "resultTypes": ["violations"],
}
SMALL = """() => [...document.querySelector('clinic-chat').shadowRoot
    .querySelectorAll('button, textarea, .facts a')]
    .filter(e => e.checkVisibility())
    .map(e => [e.outerHTML.slice(0, 80), e.getBoundingClientRect()])
    .filter(([, box]) => box.height < 43.5 || box.width < 24)
    .map(([html]) => html)"""
TO_TOP = """() => document.querySelector('clinic-chat').shadowRoot
    .querySelectorAll('dialog, .scroll')
    .forEach(e => e.scrollTo({ top: 0, behavior: 'instant' }))"""
OVER = """() => {
    const root = document.querySelector('clinic-chat').shadowRoot;
    return [...root.querySelectorAll('*')].filter(e => e.checkVisibility())
      .filter(e => e.getBoundingClientRect().right > innerWidth + 1 ||
                   e.getBoundingClientRect().left < -1)
      .filter(e => !e.matches('.unseen')).map(e => e.outerHTML.slice(0, 80));
}"""


class Widget:
    """One page with the chat on it."""

    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        self.complaints: list[str] = []
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.goto(address)

    def _hear(self, message) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(message.text)

    def open(self) -> "Widget":
        self.page.get_by_role("button", name="Chat with us").click()
        expect(self.box).to_be_visible()
        return self

    @property
    def box(self) -> Locator:
        return self.page.get_by_label("Your message")

    @property
    def dialog(self) -> Locator:
        return self.page.get_by_role("dialog")

    @property
    def answers(self) -> Locator:
        return self.page.locator("#log .answer")

    @property
    def own(self) -> Locator:
        return self.page.locator("#log .own p")

    def texts(self) -> list[str]:
        """Returns all that stands in the log, in order."""
        return self.page.locator("#log .message").evaluate_all(
            "all => all.map(m => [...m.children].filter(c => !c.matches('.unseen, "
            ".pending')).map(c => c.textContent).join('\\n'))"
        )

    def say(self, text: str) -> None:
        self.box.fill(text)
        self.box.press("Enter")

    def ask(self, text: str) -> str:
        """Says something and returns the last reply to it."""
        count = self.answers.count()
        self.say(text)
        return self.reply_after(count)

    def tap(self, title: str) -> str:
        count = self.answers.count()
        shown = self.page.locator(".choices")
        shown.get_by_role("button", name=title, exact=True).last.click()
        return self.reply_after(count)

    def reply_after(self, count: int) -> str:
        expect(self.answers.nth(count)).to_be_visible(timeout=15_000)
        expect(self.page.locator("#log .pending")).to_have_count(0)
        return self.answers.last.inner_text()

    def choose(self, item: str) -> None:
        """Opens the menu and taps an item."""
        self.page.get_by_role("button", name="Options").click()
        self.page.get_by_role("button", name=item, exact=True).click()

    def focused(self) -> str:
        """Returns the text, label or id of what has the focus inside the chat."""
        return self.page.evaluate(
            """() => { const e = document.querySelector('clinic-chat').shadowRoot
            .activeElement; return e && (e.ariaLabel || e.id || e.textContent); }"""
        )

    def picture(self, name: str) -> None:
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        self.page.wait_for_timeout(150)
        self.page.screenshot(path=SCREENSHOTS / f"chat-{name}.png")

    def require_good(self, state: str) -> None:
        """Fails if axe finds anything, or if something is too small or cut off."""
        # What is half scrolled away counts as too small.
        self.page.evaluate(TO_TOP)
        found = Axe().run(self.page, options=RULES)
        wrong = [
            (v["id"], [node["html"] for node in v["nodes"]])
            for v in found.response["violations"]
        ]
        assert wrong == [], f"{state}: {wrong}"
        small, over = self.page.evaluate(SMALL), self.page.evaluate(OVER)
        assert small == [], f"{state}: smaller than 44 px: {small}"
        assert over == [], f"{state}: hangs over the edge: {over}"
