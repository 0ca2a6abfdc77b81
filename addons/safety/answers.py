"""Reads a yes, a no or a doubt at the beginning of a reply."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from addons.safety.yaml_file import read_yaml
from addons.understanding.errors import SafetyRuleError

ANSWERS_FILE = Path("data/safety/answers.yml")
KINDS = {
    "yes": "means_yes",
    "no": "means_no",
    "unsure": "means_unsure",
    "changed": "takes_back_no",
    "stop": "means_stop",
    "no_help": "cannot_get_help",
    "on_way": "help_on_its_way",
    "agrees": "agrees",
    "alone": "only_alone",
    "after_no": "after_no",
}
LEADING = re.compile(r"^[^\w👍👎?]+")
MARKS = re.compile(r"[,.!;:\-]+")
WORD = re.compile(r"[\w']+")
SPEAKS = re.compile(r"[\w👍👎?]")

Answer = Literal["yes", "no", "unsure", ""]


@dataclass(frozen=True)
class Reply:
    """What a message answers.

    Attributes:
        answer: a yes, a no or a doubt.
        changed_to_yes: it takes back an earlier no.
        stop: the person wants no more questions.
        no_help: it says why help cannot be reached.
        on_way: it says that help is on its way.
        agrees: it only agrees to be asked: "sure" and "ok" are no sign of anything.
    """

    answer: Answer = ""
    changed_to_yes: bool = False
    stop: bool = False
    no_help: bool = False
    on_way: bool = False
    agrees: bool = False


class AnswerReader:
    """Finds the longest known wording that a message begins with."""

    def __init__(self, wordings: Mapping[str, list[str]]) -> None:
        self._kinds = {
            kind: tuple(sorted((_plain(w) for w in words), key=len, reverse=True))
            for kind, words in wordings.items()
        }
        self._alone = frozenset(self._kinds.get("alone", ()))
        self._after_no = frozenset(self._kinds.get("after_no", ()))

    @classmethod
    def from_file(cls, file: Path = ANSWERS_FILE) -> "AnswerReader":
        """Reads the wordings.

        Raises:
            SafetyRuleError: the file is missing or breaks the format.
        """
        tree = read_yaml(file)
        for part in KINDS.values():
            words = tree.get(part) if isinstance(tree, Mapping) else None
            wrong = (
                [word for word in words if not _is_wording(word)]
                if isinstance(words, list)
                else [words]
            )
            if wrong:
                raise SafetyRuleError(
                    f"{file}: `{part}:` must be a list of wordings, but has "
                    f"{wrong[0]!r}. Put yes, no, true and numbers in quotes."
                )
        return cls({kind: list(tree[part]) for kind, part in KINDS.items()})

    def read(self, text: str) -> Reply:
        """Returns the answer at the beginning of a message, if there is one."""
        plain = _plain(text)
        without_marks = " ".join(MARKS.sub(" ", plain).split())
        if self._fits("changed", without_marks):
            return Reply("yes", changed_to_yes=True)
        found = [
            (len(wording), kind)
            for kind in ("yes", "no", "unsure")
            if (wording := self._fits(kind, plain))
        ]
        answer = max(found)[1] if found else ""
        if answer == "no" and not self._is_plain_no(plain, max(found)[0]):
            answer = "unsure"
        no_help = self._has("no_help", without_marks)
        return Reply(
            answer,  # type: ignore[arg-type]
            stop=bool(self._fits("stop", plain)),
            no_help=no_help,
            on_way=not no_help and self._has("on_way", without_marks),
            agrees=without_marks in self._kinds.get("agrees", ()),
        )

    def _has(self, kind: str, text: str) -> bool:
        return any(wording in text for wording in self._kinds.get(kind, ()))

    def _fits(self, kind: str, plain: str) -> str:
        """Returns the longest wording of a kind at the beginning, or nothing."""
        for wording in self._kinds.get(kind, ()):
            if not plain.startswith(wording):
                continue
            rest = plain[len(wording) :]
            inside = rest[:1].isalnum() and wording[-1].isalnum()
            if not inside and (
                wording not in self._alone or not WORD.match(rest.strip())
            ):
                return wording
        return ""

    def _is_plain_no(self, plain: str, length: int) -> bool:
        """Says whether no lost ability follows: "no feeling there" is no plain no."""
        rest = plain[length:].strip()
        following = WORD.match(rest)
        return following is None or following.group() in self._after_no


def _is_wording(word: Any) -> bool:
    return isinstance(word, str) and bool(SPEAKS.search(word))


def _plain(text: str) -> str:
    lowered = " ".join(text.replace("’", "'").lower().split())
    return LEADING.sub("", lowered)
