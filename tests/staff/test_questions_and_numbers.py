import csv
import io
import re
from datetime import date, timedelta

import pytest
from ruamel.yaml import YAML

from actions.replies import Unanswered
from records.questions import QuestionLog
from records.ratings import Ratings
from staff.chart import draw, step_for, table
from staff.likeness import grouped
from tests.staff.console_parts import words_of

MONDAY = date(2026, 3, 2)


@pytest.fixture
def asked(url):
    def build(*questions: str) -> None:
        log = QuestionLog(url)
        log.add([Unanswered(q, "unknown") for q in questions], "patient-1")

    return build


def groups_of(*texts):
    rows = [{"id": n, "question": text} for n, text in enumerate(texts)]
    return [[q["question"] for q in group.questions] for group in grouped(rows)]


def test_questions_that_are_alike_come_together():
    assert groups_of(
        "do you do reiki", "can i bring my dog", "do you also do rieki?",
        "can I bring a dog with me", "DO YOU DO REIKI", "is there wifi",
    ) == [
        ["do you do reiki", "do you also do rieki?", "DO YOU DO REIKI"],
        ["can i bring my dog", "can I bring a dog with me"],
        ["is there wifi"],
    ]  # fmt: skip


@pytest.mark.parametrize("texts", [(), ("",), ("", " ", "?"), ("🙂", "🙂"), ("a",)])
def test_empty_and_strange_questions_are_grouped_too(texts):
    assert sum(len(group) for group in groups_of(*texts)) == len(texts)


async def test_a_draft_is_a_file_that_nothing_trains_on(
    browser_of, asked, console, tmp_path
):
    asked("do you do reiki", "do you also do reiki?")
    browser = await browser_of("carl")
    page = await browser.get("/questions/2/draft")
    assert "do you also do reiki?" in words_of(page)

    answer = await browser.send(
        "/questions/2/draft",
        topic=console.topics[0][0],
        examples="- do you do reiki\n\n  key: [x]\ndo you do reiki\n{{clinic}} # 'no'",
    )

    assert answer.headers["location"] == "/questions?drafted=1"
    (file,) = (tmp_path / "suggestions").iterdir()
    tree = YAML(typ="safe").load(file)
    assert list(tree) == ["suggestion"], "no key that Rasa would read"
    draft = tree["suggestion"]
    assert draft["examples"].splitlines() == [
        "- do you do reiki", "- key: [x]", "- {{clinic}} # 'no'",
    ]  # fmt: skip
    assert (draft["topic"], draft["by"]) == (console.topics[0][0], "carl")
    assert file.stat().st_mode & 0o077 == 0
    assert "Draft is there" in words_of(await browser.get("/questions"))


async def test_a_draft_begins_with_the_topic_that_was_offered(browser_of, url, console):
    name, section = console.topics[3]
    QuestionLog(url).add([Unanswered("which", "choose", (section,))], "patient-1")
    browser = await browser_of("carl")
    page = await browser.get("/questions/1/draft")
    assert re.findall(r'<option value="([^"]*)" selected', page.text) == [name]


@pytest.mark.parametrize(
    ("topic", "examples", "says"),
    [
        ("../../x", "hello", "Choose a topic"),
        ("", "hello", "Choose a topic"),
        ("new", " \n-\n", "1 to 20 examples"),
        ("new", "x" * 301, "300 signs"),
        ("new", "\n".join(map(str, range(21))), "1 to 20 examples"),
    ],
)
async def test_a_draft_that_cannot_be_used_is_not_written(
    browser_of, asked, tmp_path, topic, examples, says
):
    asked("do you do reiki")
    browser = await browser_of("carl")
    answer = await browser.send("/questions/1/draft", topic=topic, examples=examples)
    assert answer.status_code == 422
    assert says in words_of(answer)
    assert not (tmp_path / "suggestions").exists()


async def test_a_folder_that_cannot_be_written_is_told(browser_of, asked, tmp_path):
    asked("do you do reiki")
    (tmp_path / "suggestions").write_text("a file in the way")
    browser = await browser_of("carl")
    answer = await browser.send("/questions/1/draft", topic="new", examples="hello")
    assert answer.status_code == 422
    assert "could not be written" in words_of(answer)


async def test_numbers_are_shown_by_day_and_by_topic(browser_of, console):
    console.counts.add([("back#heat", "answered")] * 3, day=MONDAY)
    console.counts.add([("", "unknown"), ("", "choose")], day=MONDAY)
    console.counts.add([("", "escalated")], day=MONDAY - timedelta(days=8))
    browser = await browser_of("carl")
    week = words_of(await browser.get("/asked?days=7"))
    assert "5 questions. Answered: 3; Choice offered: 1; Not answered: 1; Esc" in week
    assert "back#heat 3 0 0 0 3" in week
    month = words_of(await browser.get("/asked?days=30"))
    assert "Escalated: 1." in month
    for days in ("0", "x", "99999"):
        assert (await browser.get(f"/asked?days={days}")).status_code == 200


@pytest.mark.parametrize("theme", ["", "dark", "x"])
async def test_the_plot_is_an_image_without_code(browser_of, console, theme):
    console.counts.add([("", "answered")] * 3, day=MONDAY)
    browser = await browser_of("carl")
    plot = await browser.get("/asked/chart.svg", params={"theme": theme})
    assert plot.headers["content-type"] == "image/svg+xml"
    assert "<script" not in plot.text
    assert "style" not in plot.text
    assert plot.text.count('fill="url(#answered)"') == 2, "a bar, and the legend"


def test_bars_stand_upon_each_other_and_reach_their_number():
    rows = [
        {"day": MONDAY, "outcome": "answered", "times": 6},
        {"day": MONDAY, "outcome": "nobody knows", "times": 4},
    ]
    chart = draw(table(rows, "day"), MONDAY, MONDAY)
    low, high = chart.bars
    assert [bar.kind for bar in chart.bars] == ["answered", "unanswered"]
    assert high.y + high.height == pytest.approx(low.y)
    assert [value for _, value in chart.steps] == [0, 2, 4, 6, 8, 10]


@pytest.mark.parametrize(
    ("most", "step"), [(0, 1), (5, 1), (6, 2), (26, 10), (300, 100)]
)
def test_lines_have_round_numbers(most, step):
    assert step_for(most) == step


def test_a_chart_without_numbers_is_empty():
    assert draw({}, MONDAY, MONDAY).bars == ()


async def rows_of(browser, which):
    answer = await browser.send(f"/exports/{which}.csv")
    assert answer.headers["content-disposition"].startswith("attachment")
    assert answer.text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(answer.text.lstrip("\ufeff"))))


async def test_no_cell_of_an_export_is_a_formula(browser_of, submitted, asked, console):
    submitted(visit_type="=1+1")
    asked("=HYPERLINK(1)", "+1", "-1", "@SUM(1)", "\tx", 'plain, "quoted"\nwith lines')
    browser = await browser_of("ada")
    for which in ("requests", "questions", "asked"):
        for row in (await rows_of(browser, which))[1:]:
            assert not any(cell.startswith(tuple("=+-@\t\r")) for cell in row)
    questions = [row[2] for row in (await rows_of(browser, "questions"))[1:]]
    assert questions[0] == 'plain, "quoted"\nwith lines'
    assert "'=HYPERLINK(1)" in questions
    assert console.trail.newest(1)[0]["action"] == "export"


async def test_an_export_of_requests_names_nobody(browser_of, submitted):
    stored = submitted()
    browser = await browser_of("ada")
    answer = await browser.send("/exports/requests.csv")
    assert stored.reference in answer.text
    assert "Thandi" not in answer.text
    assert "825550142" not in answer.text


async def test_an_export_that_does_not_exist_is_refused(browser_of):
    browser = await browser_of("ada")
    assert (await browser.send("/exports/contacts.csv")).status_code == 422


async def test_ratings_are_shown_by_section_the_worst_first(browser_of, url, hands):
    ratings = Ratings(url, clock=hands)
    for number, (topic, helpful) in enumerate(
        [("back#rest", True), ("back#heat", False), ("back#heat", True)]
    ):
        ratings.rate("ann", f"m{number}.1", topic=topic, helpful=helpful)
    browser = await browser_of("carl")

    words = words_of(await browser.get("/asked"))
    hands.turn(timedelta(days=40))
    browser = await browser_of("carl")
    later = words_of(await browser.get("/asked"))

    assert "Did not help Helped back#heat 1 1 back#rest 0 1" in words
    assert "No answer was rated in this time." in later
