"""Puts questions that are alike into groups."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

# Above it, two questions ask the same in similar words.
ALIKE = 0.4


@dataclass(frozen=True)
class Group:
    """Questions that are alike, the newest first."""

    questions: tuple[Mapping[str, Any], ...]

    @property
    def first(self) -> Mapping[str, Any]:
        """The question that stands for the group."""
        return self.questions[0]


def grouped(questions: Sequence[Mapping[str, Any]]) -> list[Group]:
    """Returns groups, the largest first; a question belongs to one of them.

    Likeness is counted in parts of words, so that typing errors do little harm.
    """
    if not questions:
        return []
    likeness = _likeness([str(q["question"]) for q in questions])
    left = dict.fromkeys(range(len(questions)))
    groups = []
    while left:
        first = next(iter(left))
        members = [n for n in left if n == first or likeness[first][n] >= ALIKE]
        for number in members:
            del left[number]
        groups.append(Group(tuple(questions[n] for n in members)))
    # Sorting is stable: of two as large, the newer stays first.
    return sorted(groups, key=lambda group: -len(group.questions))


def _likeness(texts: Sequence[str]) -> Any:
    # Here, as it takes a second and only one page needs it.
    from sklearn.feature_extraction.text import TfidfVectorizer

    plain = [" ".join(text.lower().split()) or "-" for text in texts]
    vectorizer = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 4))
    rows = vectorizer.fit_transform(plain)
    return (rows @ rows.T).toarray()
