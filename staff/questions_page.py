"""Questions that were not simply answered, and drafts of examples from them."""

from starlette.responses import Response
from starlette.routing import Route

from records.errors import InvalidRequestError
from staff.errors import ProblemError
from staff.likeness import Group, grouped
from staff.suggestions import NEW_TOPIC, Draft, lines
from staff.web import CLINICIAN, Call, go, page

# The newest ones; more at once nobody reads.
MOST_QUESTIONS = 600
PAGE = 20
DRAFTED = "The draft is written for the content editor. It changes nothing by itself."


def questions(call: Call) -> Response:
    """Shows groups of questions, the largest first."""
    groups = _groups(call)
    skip = (call.page - 1) * PAGE
    now = call.console.now()
    call.console.views.note(call.session.user.name, "questions", now=now)
    return call.render(
        "questions.html",
        groups=groups[skip : skip + PAGE],
        total=sum(len(group.questions) for group in groups),
        group_count=len(groups),
        page=call.page,
        has_next=len(groups) > skip + PAGE,
        drafted=call.console.suggestions.drafted(),
        note=DRAFTED if "drafted" in call.request.query_params else "",
    )


def _groups(call: Call) -> list[Group]:
    return grouped(call.console.questions.page(most=MOST_QUESTIONS))


def show_draft(call: Call) -> Response:
    """Shows the form for a draft, filled with a group's questions."""
    group = _group(call)
    texts = lines("\n".join(str(q["question"]) for q in group.questions))
    return _draft_page(call, group, "\n".join(texts[:10]))


def draft(call: Call) -> Response:
    """Writes a draft into the folder of suggestions."""
    console, group = call.console, _group(call)
    topic, text = call.form.get("topic", ""), call.form.get("examples", "")
    try:
        if topic not in (NEW_TOPIC, *(name for name, _ in console.topics)):
            raise ProblemError("Choose a topic. Nothing was written.")
        made = Draft(
            topic,
            lines(text),
            call.session.user.name,
            console.clock.local(console.now()),
            tuple(int(q["id"]) for q in group.questions),
        )
        console.suggestions.add(made)
    except (ProblemError, InvalidRequestError) as error:
        return _draft_page(call, group, text, topic=topic, problem=str(error))
    console.trail.note(call.actor, "suggest", detail=topic)
    return go("/questions?drafted=1")


def _draft_page(
    call: Call, group: Group, examples: str, *, topic: str = "", problem: str = ""
) -> Response:
    offered = [str(address) for address in group.first["options"] or ()]
    likely = [name for name, section in call.console.topics if section in offered]
    return call.render(
        "draft.html",
        status=422 if problem else 200,
        problem=problem,
        group=group,
        examples=examples,
        topics=call.console.topics,
        topic=topic or (likely[0] if likely else ""),
    )


def _group(call: Call) -> Group:
    for group in _groups(call):
        if any(question["id"] == call.id for question in group.questions):
            return group
    raise ProblemError("This question is not kept any more. Load the list again.")


def routes() -> list[Route]:
    """Returns the routes of this module."""
    return [
        page("/questions", questions, role=CLINICIAN),
        page("/questions/{id:int}/draft", show_draft, role=CLINICIAN),
        page("/questions/{id:int}/draft", draft, role=CLINICIAN, post=True),
    ]
