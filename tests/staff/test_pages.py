import pytest

from tests.staff.console_parts import PEOPLE, words_of

RECEPTION = ["/", "/requests", "/requests?view=all", "/visits", "/search", "/alarms",
             "/requests/1", "/requests/new", "/alarms/1", "/password"]  # fmt: skip
CLINICIAN = ["/requests/1/conversation", "/questions", "/asked",
             "/asked/chart.svg", "/questions/1/draft"]  # fmt: skip
ADMIN = ["/users", "/audit", "/exports"]
POSTS = {
    "reception": ["/search", "/requests/1/claim", "/requests/1/confirm",
                  "/requests/new", "/requests/1/call"],
    "clinician": ["/alarms/1/clear", "/questions/1/draft"],
    "admin": ["/users/add", "/users/password", "/users/close",
              "/users/open", "/users/role",
              "/exports/requests.csv", "/exports/asked.csv", "/exports/questions.csv"],
}  # fmt: skip
RANK = list(PEOPLE.values())


@pytest.fixture
def filled(console, submitted, alarm, conversation):
    from actions.replies import Unanswered
    from records.questions import QuestionLog

    submitted()
    alarm()
    url = console.desk._url
    QuestionLog(url).add([Unanswered("do you do reiki", "unknown")], "patient-1")


@pytest.mark.parametrize("name", PEOPLE)
@pytest.mark.parametrize(
    ("path", "role"),
    [(p, "reception") for p in RECEPTION]
    + [(p, "clinician") for p in CLINICIAN]
    + [(p, "admin") for p in ADMIN],
)
async def test_a_page_opens_for_its_role_and_those_above(
    browser_of, filled, name, path, role
):
    browser = await browser_of(name)
    allowed = RANK.index(PEOPLE[name]) >= RANK.index(role)

    page = await browser.get(path)

    assert page.status_code == (200 if allowed else 403), words_of(page)
