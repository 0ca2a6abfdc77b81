"""Shows what other thresholds would do on the tuning questions: `make thresholds`."""

from collections.abc import Sequence
from dataclasses import asdict, replace

from ruamel.yaml import YAML

from addons.understanding.planner import Plan, Planner, Thresholds
from addons.understanding.search import ArticleSearch
from addons.understanding.topic_model import TopicScores
from addons.understanding.train_topics import train_topics
from benchmarks.held_out import TUNING_FILE, Case, read_cases
from benchmarks.understanding import CachedEncoder, read_examples, reader_for
from documents.library import Library

STEPS = {
    "answer": (0.4, 0.5, 0.6),
    "answer_beside_others": (0.3, 0.4, 0.5),
    "answer_in_story": (0.7, 0.8, 0.9),
    "settled": (0.8, 0.95, 1.0),
    "whole_beside_question": (0.5, 0.75, 0.9),
    "whole_in_story": (0.3, 0.5, 0.7),
    "option": (0.05, 0.1, 0.2),
    "refuse": (0.3, 0.4, 0.6),
    "passage": (0.5, 0.6, 0.7),
}


def main() -> None:
    """Trains once, then changes one threshold at a time."""
    with open("config.yml") as file:  # noqa: PTH123
        pipeline = YAML(typ="safe").load(file)["pipeline"]
    chosen = Thresholds(**next(p["thresholds"] for p in pipeline if "thresholds" in p))
    library = Library.from_folder()
    cases = read_cases(TUNING_FILE, library)
    texts, intents = read_examples()
    reader, encoder = reader_for(texts), CachedEncoder()
    plain = [reader.read(text).plain for text in texts]
    model = train_topics(plain, encoder.encode_all(plain), intents)
    search = ArticleSearch(library.sections, encoder.encode, reader.lemmas)
    scores: dict[str, TopicScores] = {}

    def score(text: str, encoded: object) -> TopicScores:
        if text not in scores:
            scores[text] = model.score(text, encoder.encode(text))
        return scores[text]

    print("| threshold | right first | wrong | refused | several | stories |")
    print("|---|---|---|---|---|---|")
    for name, values in STEPS.items():
        for value in values:
            tried = replace(chosen, **{name: value})
            planner = Planner(encoder.encode, score, search.find, tried)
            plans = [planner.plan(reader.read(case.text)) for case in cases]
            mark = " (chosen)" if asdict(chosen)[name] == value else ""
            print(
                f"| {name} {value}{mark} | {_row(cases, plans, library)} |", flush=True
            )


def _row(cases: Sequence[Case], plans: Sequence[Plan], library: Library) -> str:
    found = [
        (case, _sections(plan, library))
        for case, plan in zip(cases, plans, strict=True)
    ]
    answered = [any(q.outcome == "answer" for q in plan.questions) for plan in plans]

    def share(group: str, hits: Sequence[bool]) -> str:
        of_group = [
            h for (c, _), h in zip(found, hits, strict=True) if c.group == group
        ]
        return f"{sum(of_group) / len(of_group):.1%}"

    first = [f[:1] == c.sections[:1] for c, f in found]
    wrong = [a and not hit for a, hit in zip(answered, first, strict=True)]
    outside = [not f for c, f in found if not c.sections]
    exact = [f == c.sections for c, f in found]
    refused = f"{sum(outside) / len(outside):.1%}"
    return " | ".join(
        (
            share("topics", first),
            share("topics", wrong),
            refused,
            share("several", exact),
            share("long_story", first),
        )
    )


def _sections(plan: Plan, library: Library) -> tuple[str, ...]:
    sections: list[str] = []
    for question in plan.questions:
        first_offer = question.outcome == "choose" and not sections
        if question.outcome == "search":
            sections.append(question.passages[0].section)
        elif first_offer or question.outcome == "answer":
            sections.append(library.section_of_topic(question.options[0]) or "")
    return tuple(sections)


if __name__ == "__main__":
    main()
