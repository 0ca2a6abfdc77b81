"""The chat on a site, as patients meet it, with the real servers."""

import re
import signal
import sqlite3

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.server]

QUESTION = "is it a spasm or a strain"
SOURCE = 'Source: Back muscle spasm, "Spasm or strain?"'


def test_a_question_is_answered_with_its_source_and_what_follows(visit):
    widget = visit().open()
    expect(widget.page.get_by_text("not for emergencies")).to_be_visible()
    widget.picture("opened")

    answer = widget.ask(QUESTION)

    assert answer.endswith(SOURCE)
    expect(widget.own).to_have_text([QUESTION])
    widget.picture("answered")
    more = widget.tap("Tell me more")
    assert more != answer
    assert "Source: Back muscle spasm" in more
    expect(widget.own).to_have_text([QUESTION, "Tell me more"])
    assert widget.complaints == []


def test_a_quick_question_is_sent_as_if_it_was_typed(visit):
    widget = visit().open()

    answer = widget.tap("What are your opening hours?")

    assert "07:30" in answer
    expect(widget.page.get_by_role("button", name="Should I stretch?")).to_be_hidden()


def test_hours_phone_and_emergency_number_stay_in_view(visit):
    widget = visit(width=320, height=640).open()
    for _ in range(3):
        widget.ask("should I stretch")

    facts = widget.page.locator(".facts")
    expect(facts).to_be_in_viewport(ratio=1)
    expect(facts.get_by_role("link", name="112")).to_have_attribute("href", "tel:112")
    phone = facts.get_by_role("link", name="012 555 0142")
    expect(phone).to_have_attribute("href", "tel:0125550142")
    expect(facts).to_contain_text("Open: Monday to Friday from 07:30 to 17:30")


def test_an_emergency_is_told_whole_and_its_number_can_be_dialled(visit):
    widget = visit(width=360, height=640).open()
    count = widget.answers.count()

    widget.say("My back is sore and I can't pee since yesterday")
    widget.reply_after(count + 1)

    told = widget.answers.nth(count)
    expect(told).to_contain_text("This could be an emergency.")
    expect(told.get_by_role("link", name="112").first).to_have_attribute(
        "href", "tel:112"
    )
    expect(told).to_be_in_viewport()
    expect(widget.page.get_by_role("button", name="Yes", exact=True)).to_be_visible()
    widget.picture("emergency-phone")
    assert widget.complaints == []


def test_a_visit_is_asked_for_to_the_reference(visit, servers):
    widget = visit().open()

    widget.ask("I want to book a visit")
    said = {
        "is this visit for you": "for me",
        "name": "Thandi Nkosi",
        "On which number": "082 555 0199",
        "kind of visit": "First visit",
        "Which day": "next Thursday after 3",
    }
    for _ in range(40):
        last = widget.answers.last.inner_text()
        if "reference is" in last:
            break
        titles = widget.page.locator("#log .entry:last-child .choices button")
        names = titles.all_inner_texts()
        wanted = (
            "Send",
            "I agree",
            "Yes, I agree",
            "Skip",
            "No",
            "Yes, ask me",
            "For me",
        )
        title = next((name for name in wanted if name in names), "")
        words = next((say for part, say in said.items() if part in last), "")
        if words and words not in names:
            widget.ask(words)
        else:
            widget.tap(words if words in names else title or names[0])
    widget.picture("booked")

    reference = re.search(
        r"reference is (\w{3}-\w{3})", widget.answers.last.inner_text()
    )
    query = "select reference, channel from appointment_requests where reference = ?"
    rows = servers.rows(servers.database, query, reference[1])
    assert rows == [(reference[1], "website")]


def test_typed_orders_and_markup_are_words(visit):
    widget = visit().open()
    script = "<img src=x onerror=alert(1)><script>alert(1)</script> javascript:alert(1)"

    for text in ("/restart", script, '/faq{"x": 1}'):
        assert widget.ask(text)

    expect(widget.own).to_have_text(["/restart", script, '/faq{"x": 1}'])
    assert widget.page.locator("#log img, #log script, #log .own a").count() == 0
    assert widget.complaints == []


def test_the_chat_is_back_after_a_reload_and_on_the_next_page(visit, sites):
    widget = visit(f"{sites['clinic']}/").open()
    widget.ask(QUESTION)
    widget.page.get_by_role("button", name="This answer helped").click()
    expect(widget.page.get_by_text("Thank you.")).to_be_visible()
    before = widget.texts()

    widget.page.reload()
    # A screen reader is not told again what it has read before.
    expect(widget.page.locator("#log")).to_have_attribute("aria-live", "off")
    expect(widget.answers).to_have_count(1)
    expect(widget.page.locator("#log")).to_have_attribute("aria-live", "polite")
    pressed = widget.page.get_by_role("button", name="This answer helped")
    expect(pressed).to_have_attribute("aria-pressed", "true")
    assert widget.texts() == before
    # It opens by itself, so it must leave the focus where it is.
    assert widget.page.evaluate("document.activeElement === document.body")

    widget.page.evaluate("document.querySelector('a').click()")
    expect(widget.answers).to_have_count(1)
    assert widget.texts() == before
    assert widget.tap("Tell me more")
    assert widget.complaints == []


def test_two_tabs_show_the_same_conversation(visit):
    first = visit().open()
    first.ask(QUESTION)
    second = visit(beside=first).open()
    expect(second.answers).to_have_count(1)

    second.ask("should I stretch")

    expect(first.answers).to_have_count(2)
    assert first.texts() == second.texts()
    first.choose("Clear this chat")
    first.page.get_by_role("button", name="Clear it").click()
    expect(first.page.locator("#log .message")).to_have_count(0)
    expect(second.page.locator("#log .message")).to_have_count(0)
    first.ask("how much is a visit")
    expect(second.own).to_have_text(["how much is a visit"])


def test_a_cleared_chat_leaves_nothing_on_a_shared_computer(visit):
    widget = visit().open()
    widget.ask(QUESTION)

    widget.choose("Clear this chat")
    widget.picture("clear")
    widget.page.get_by_role("button", name="Keep it").click()
    expect(widget.answers).to_have_count(1)
    widget.choose("Clear this chat")
    widget.page.get_by_role("button", name="Clear it").click()

    expect(widget.page.get_by_text("The chat is cleared")).to_be_visible()
    expect(widget.page.get_by_text("You could ask")).to_be_visible()
    widget.page.reload()
    expect(widget.page.get_by_text("not for emergencies")).to_be_visible()
    widget.ask("should I rest")
    expect(widget.own).to_have_text(["should I rest"])


def test_offline_is_said_and_the_message_sent_later_once(visit):
    widget = visit().open()
    widget.ask(QUESTION)

    widget.page.context.set_offline(True)
    expect(widget.page.get_by_text("You are offline.")).to_be_visible()
    widget.say("should I stretch")
    expect(widget.page.get_by_text("Not answered yet")).to_be_visible()
    widget.require_good("offline")
    widget.picture("offline")
    widget.page.context.set_offline(False)

    expect(widget.answers).to_have_count(2, timeout=20_000)
    expect(widget.own).to_have_text([QUESTION, "should I stretch"])
    expect(widget.page.get_by_text("You are offline.")).to_be_hidden()


def test_what_is_not_sent_yet_survives_a_reload(visit, chat):
    widget = visit().open()
    widget.ask(QUESTION)
    widget.page.context.set_offline(True)
    widget.say("should I stretch")
    expect(widget.page.get_by_text("Not answered yet")).to_be_visible()
    widget.page.goto("about:blank")

    widget.page.context.set_offline(False)
    widget.page.goto(f"{chat}/")

    expect(widget.answers).to_have_count(2, timeout=20_000)
    expect(widget.own).to_have_text([QUESTION, "should I stretch"])


def test_everything_works_with_the_keyboard_alone(visit):
    widget = visit()
    keyboard = widget.page.keyboard
    launcher = widget.page.get_by_role("button", name="Chat with us")
    for _ in range(12):
        keyboard.press("Tab")
        if widget.focused() == "Chat with us":
            break
    keyboard.press("Enter")
    expect(widget.box).to_be_focused()
    keyboard.type(QUESTION)
    keyboard.press("Shift+Enter")
    keyboard.press("Enter")
    expect(widget.answers).to_have_count(1)
    expect(widget.box).to_be_focused()

    for _ in range(12):
        keyboard.press("Shift+Tab")
        if widget.focused() == "Tell me more":
            break
    keyboard.press("Space")
    expect(widget.answers).to_have_count(2)
    widget.page.get_by_role("button", name="Options").focus()
    keyboard.press("Enter")
    expect(widget.page.get_by_role("button", name="Save as text")).to_be_visible()
    keyboard.press("Escape")
    expect(widget.page.get_by_role("button", name="Save as text")).to_be_hidden()
    assert widget.focused() == "Options"
    keyboard.press("Escape")

    expect(widget.dialog).to_be_hidden()
    expect(launcher).to_be_focused()


def test_a_small_phone_is_filled_and_the_page_behind_gets_no_focus(visit):
    widget = visit(width=320, height=480, has_touch=True, is_mobile=True).open()
    box = widget.dialog.bounding_box()
    assert (box["x"], box["y"], box["width"], box["height"]) == (0, 0, 320, 480)
    # The keyboard on the screen would cover the notice.
    assert widget.focused() == "title"

    for _ in range(30):
        widget.page.keyboard.press("Tab")
        assert widget.page.evaluate(
            "['CLINIC-CHAT', 'BODY'].includes(document.activeElement.tagName)"
        )
    widget.ask(QUESTION)
    widget.picture("phone")
    widget.page.get_by_role("button", name="Close the chat").click()
    expect(widget.dialog).to_be_hidden()


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("light", {}),
        ("dark", {"color_scheme": "dark"}),
        ("320px", {"width": 320, "height": 640}),
        ("zoom-400", {"width": 320, "height": 256}),
        ("high-contrast", {"forced_colors": "active"}),
        ("reduced-motion", {"reduced_motion": "reduce", "width": 600, "height": 500}),
    ],
)
def test_everybody_can_use_it_in_every_state(visit, name, options):
    widget = visit(**options)
    widget.require_good(f"{name} closed")
    widget.open()
    widget.require_good(f"{name} open")
    widget.ask(QUESTION)
    widget.require_good(f"{name} answered")
    widget.page.get_by_role("button", name="This answer did not help").click()
    expect(widget.page.get_by_text("Thank you.")).to_be_visible()
    widget.page.get_by_role("button", name="Options").click()
    widget.require_good(f"{name} menu")
    widget.page.get_by_role("button", name="Clear this chat").click()
    widget.require_good(f"{name} clear")
    widget.picture(name)
    widget.page.get_by_role("button", name="Keep it").click()
    widget.box.fill("x" * 2001)
    expect(widget.page.get_by_text("at most 2,000 characters")).to_be_visible()
    widget.box.press("Enter")
    expect(widget.own).to_have_text([QUESTION])
    widget.require_good(f"{name} too long")


def test_axe_would_find_something(visit):
    widget = visit().open()
    widget.page.evaluate(
        "document.querySelector('clinic-chat').shadowRoot.querySelector('label').remove()"
    )
    with pytest.raises(AssertionError, match="label"):
        widget.require_good("without a label")


def test_each_message_is_announced_once_and_whole(visit):
    widget = visit().open()
    log = widget.page.locator("#log")
    expect(log).to_have_attribute("role", "log")
    expect(log).to_have_attribute("aria-live", "polite")
    log.evaluate(
        """log => { window.told = []; new MutationObserver(changes => {
            for (const change of changes) {
              if (change.target !== log) continue;
              for (const node of change.addedNodes) told.push(node.textContent);
            } }).observe(log, { childList: true, subtree: true }); }"""
    )

    widget.ask(QUESTION)

    told = widget.page.evaluate("told")
    assert len(told) == 2
    assert told[0].startswith(f"You: {QUESTION}")
    assert told[1].startswith("Assistant: A spasm is a muscle")
    assert SOURCE in told[1]


def test_a_site_of_another_origin_under_a_strict_policy_chooses_its_looks(visit, sites):
    options = (
        "data-colour='%23ffd400' data-position='left' data-label='Ask us' data-open "
        "data-greeting='Welcome.' data-theme='dark'"
    )
    widget = visit(f"{sites['clinic']}/?{options}")

    expect(widget.page.get_by_text("Welcome.")).to_be_visible()
    assert widget.dialog.bounding_box()["x"] < 100
    assert widget.page.evaluate("document.activeElement === document.body")
    assert widget.ask(QUESTION).endswith(SOURCE)
    # Not as the site has it.
    own = widget.page.locator("#log .own")
    expect(own).to_have_css("color", "rgb(0, 0, 0)")
    expect(own).to_have_css("background-color", "rgb(255, 212, 0)")
    expect(own).to_have_css("font-size", "16px")
    expect(own).to_have_css("text-transform", "none")
    assert 380 < widget.dialog.bounding_box()["width"] < 420
    widget.picture("other-site")
    assert [c for c in widget.complaints if "favicon" not in c] == []


def test_a_language_from_right_to_left_is_laid_out_so(visit, sites, root):
    english = (root / "web/languages/en.json").read_text("utf-8")
    hebrew = english.replace("ltr", "rtl").replace('"en"', '"he"')
    widget = visit()
    widget.page.route(
        "**/languages/he.json",
        lambda route: route.fulfill(
            body=hebrew, headers={"Access-Control-Allow-Origin": "*"}
        ),
    )
    widget.page.goto(f"{sites['clinic']}/?data-language='he'")
    widget.open()

    expect(widget.dialog).to_have_attribute("dir", "rtl")
    widget.ask(QUESTION)
    own, send = widget.page.locator("#log .own"), widget.page.locator(".send")
    assert own.bounding_box()["x"] < widget.answers.last.bounding_box()["x"] + 20
    assert send.bounding_box()["x"] < widget.box.bounding_box()["x"]
    widget.require_good("right to left")
    widget.picture("right-to-left")


def test_a_site_that_is_not_allowed_reaches_nothing(visit, sites):
    widget = visit(f"{sites['evil']}/").open()

    widget.say(QUESTION)

    expect(widget.page.get_by_text("Connecting to the chat.")).to_be_visible()
    expect(widget.page.get_by_text("The chat cannot be reached")).to_be_visible(
        timeout=12_000
    )
    expect(widget.answers).to_have_count(0)
    widget.picture("refused-site")


def test_a_forged_key_opens_a_new_conversation(visit):
    victim = visit().open()
    victim.ask(QUESTION)
    thief = visit().open()
    thief.page.evaluate(
        """() => { for (const key of Object.keys(localStorage)) {
          if (!localStorage[key].includes('token')) continue;
          const chat = JSON.parse(localStorage[key]);
          const [head, , signature] = chat.token.split('.');
          const claims = { sub: 'website-1', aud: 'clinic-chat', exp: 9e9 };
          chat.token = [head, btoa(JSON.stringify(claims)), signature].join('.');
          localStorage[key] = JSON.stringify(chat); } }"""
    )

    thief.page.reload()

    assert thief.ask("should I rest")
    expect(thief.own).to_have_text(["should I rest"])


def test_a_browser_without_storage_can_chat(visit):
    widget = visit()
    widget.page.add_init_script(
        """for (const name of ['localStorage', 'sessionStorage']) {
          const blocked = { get() { throw new Error('blocked'); } };
          Object.defineProperty(window, name, blocked); }"""
    )
    widget.page.reload()
    widget.open()

    assert widget.ask(QUESTION).endswith(SOURCE)


def test_the_chat_is_saved_as_text_and_leads_to_a_person(visit):
    widget = visit().open()
    widget.ask(QUESTION)

    with widget.page.expect_download() as download:
        widget.choose("Save as text")
    text = download.value.path().read_text("utf-8")
    widget.choose("Talk to a person")

    assert f"You: {QUESTION}\n\nAssistant: A spasm is a muscle" in text
    expect(widget.answers.last).to_contain_text("012 555 0142")


def test_the_opened_panel_is_painted_at_once(visit):
    widget = visit()
    widget.page.wait_for_timeout(300)

    spent = widget.page.evaluate(
        """async () => {
          const root = document.querySelector('clinic-chat').shadowRoot;
          const start = performance.now();
          root.querySelector('.launcher').click();
          while (!root.querySelector('dialog[open] textarea')) {
            await new Promise(done => requestAnimationFrame(done));
          }
          await new Promise(done => requestAnimationFrame(() => setTimeout(done)));
          return performance.now() - start; }"""
    )

    # The goal is 100 ms (`make bench-widget`); a busy machine gets more.
    assert spent < 500


@pytest.fixture
def alive_again(servers):
    """Lets other tests go on with a server that runs, whatever fails here."""
    yield
    servers.freeze_actions(frozen=False)
    if servers.rasa.poll() is not None:
        servers.start_rasa()


def test_nothing_is_lost_and_nothing_doubled_when_the_server_is_killed(
    visit, servers, alive_again
):
    widget = visit().open()
    widget.ask("is it a spasm or a strain")
    # The action server stands still, so the next message is under way for certain.
    servers.freeze_actions(frozen=True)
    widget.say("should I stretch")
    expect(widget.page.locator(".writing.shown")).to_be_visible()
    widget.page.wait_for_timeout(300)

    servers.rasa.send_signal(signal.SIGKILL)
    servers.rasa.wait()
    servers.freeze_actions(frozen=False)
    expect(widget.page.get_by_text("The connection is lost.")).to_be_visible()
    widget.require_good("connection lost")
    widget.picture("connection-lost")
    widget.say("how much is a visit")
    servers.start_rasa()

    expect(widget.answers).to_have_count(3, timeout=20_000)
    expect(widget.page.get_by_text("The connection is back.")).to_be_visible()
    asked = ["is it a spasm or a strain", "should I stretch", "how much is a visit"]
    expect(widget.own).to_have_text(asked)
    titles = ["Spasm or strain?", "Stretching", "What a visit costs"]
    for number, title in enumerate(titles):
        expect(widget.answers.nth(number)).to_contain_text(title)
    assert stored(servers, asked) == asked
    before = widget.texts()
    widget.page.reload()
    expect(widget.answers).to_have_count(3)
    assert widget.texts() == before


def stored(servers, asked: list[str]) -> list[str]:
    """Returns the messages of the latest conversation, from the tracker store."""
    with sqlite3.connect(servers.folder / "var/conversations.db") as connection:
        rows = connection.execute(
            """select json_extract(data, '$.text') from events
               where type_name = 'user' and sender_id =
               (select sender_id from events order by id desc limit 1) order by id"""
        ).fetchall()
    connection.close()
    return [text for (text,) in rows]
