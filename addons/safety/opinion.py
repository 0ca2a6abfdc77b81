"""What the statistical layer makes of a message."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
import numpy.typing as npt

from addons.safety.lexical import LexicalScorer
from addons.safety.network import NETWORK_FILE, NetworkScorer
from addons.safety.triage import rank
from addons.safety.wording import normalise
from addons.understanding.encoder import ENCODER_FOLDER
from addons.understanding.errors import EncoderError

Array = npt.NDArray[Any]

NOTHING = "none"
# "At least check", "at least soon", "at least urgent", "emergency".
STEPS = ("check", "soon", "urgent", "emergency")
LEVEL_STEPS = len(STEPS)
LOWEST, HIGHEST = -100.0, 100.0
# How much the words by themselves count beside the network. Of 0.25 to 1.5, 1.0 raises
# a little more in the output of `make safety-thresholds`; but from 0.75 on a phrase of
# the specification can be outvoted by a harmless question beside it.
WORDS_WEIGHT = 0.5


@dataclass(frozen=True)
class Thresholds:
    """From which score on a message counts: see `make safety-thresholds`.

    Attributes:
        check, soon, urgent, emergency: the lowest score of each level.
        quiet: below this score for `check`, doubtful words of context are believed.
        doubtful: below this one, a rule that fired leads to a question only.
        silent: below this one, it is taken for a misunderstanding.
        sentence: from this score on, a sentence by itself prevents all three.
    """

    check: float = 0.0
    soon: float = 0.0
    urgent: float = 0.0
    emergency: float = 0.0
    quiet: float = 0.0
    doubtful: float = -5.0
    silent: float = -5.0
    sentence: float = 7.0


@dataclass(frozen=True)
class Opinion:
    """The level that a message looks like, and the flag that it is most like.

    Attributes:
        quiet: nothing looks alarming, so doubtful words of context are believed.
        doubtful: it is sure enough of that to ask rather than to alarm.
        silent: it is sure enough of that to take back what a rule found.
    """

    level: str
    flag: str
    quiet: bool
    doubtful: bool = False
    silent: bool = False
    about_other: bool = False


@dataclass(frozen=True)
class Scores:
    """What network and words say together: above 0 is rather yes.

    Attributes:
        steps: one score for each of `STEPS`.
        other: whether the message is about somebody else.
        flags: one score for each flag.
        at_signs: the score for `check` of the sentences in which rules found a sign,
            read by themselves: what stands around them must not hide it.
        at_phrases: the same for phrases of the specification, with few words around.
    """

    steps: tuple[float, ...]
    other: float
    flags: Mapping[str, float]
    at_signs: float = LOWEST
    at_phrases: float = LOWEST

    def opinion(
        self,
        thresholds: Thresholds,
        levels: Mapping[str, str],
        apart: Collection[str] = (),
    ) -> Opinion:
        """Returns the level by the thresholds.

        Args:
            thresholds: the lowest score of each level.
            levels: the level of each flag; a flag of another level is named only if
                none has this one.
            apart: flags that are named only if the message is rather like them than
                not: their wording would not help with anything else.
        """
        reached = [
            step
            for step, score in zip(STEPS, self.steps, strict=True)
            if score >= getattr(thresholds, step)
        ]
        level = max(reached, key=rank, default=NOTHING)
        known = [flag for flag in self.flags if flag in levels]
        likest = max(known, key=lambda name: self.flags[name], default="")
        if level == "urgent" and levels.get(likest) == "emergency":
            level = "emergency"  # what it is most like decides a close call
        likely = [f for f in known if f not in apart or self.flags[f] > 0] or known
        fitting = [flag for flag in likely if levels[flag] == level] or likely
        flag = max(fitting, key=lambda name: self.flags[name], default="")
        alarm = max(self.steps[0], self.at_phrases)
        if self.at_signs >= thresholds.sentence:
            alarm = max(alarm, self.at_signs)
        return Opinion(
            level,
            flag,
            quiet=alarm < thresholds.quiet,
            doubtful=alarm < thresholds.doubtful,
            silent=alarm < thresholds.silent,
            about_other=self.other > 0,
        )


class StatisticalLayer:
    """The fine-tuned encoder and the scores by words, side by side.

    Raises:
        EncoderError: what was learned is missing or damaged.
    """

    def __init__(
        self, folder: Path = ENCODER_FOLDER, learned: Path = NETWORK_FILE
    ) -> None:
        try:
            with np.load(learned) as arrays:
                self._flags = [str(flag) for flag in arrays["flags"]]
                self._lexical = LexicalScorer.from_arrays(arrays)
        except (OSError, KeyError, ValueError, BadZipFile) as error:
            raise EncoderError(
                f"'{learned}' cannot be read ({error}). Take it from the repository, "
                "or run `make red-flag-network`."
            ) from error
        self._network = NetworkScorer(folder)
        outputs = len(self._network.logits("a"))
        if outputs != LEVEL_STEPS + 1 + len(self._flags):
            raise EncoderError(
                f"'{learned}' and the graph in '{folder}' do not belong together. "
                "Run `make encoder`."
            )

    def scores(
        self, text: str, sentences: Iterable[str] = (), phrases: Iterable[str] = ()
    ) -> Scores:
        """Returns the scores of a message as it was typed.

        Args:
            text: the message.
            sentences: those in which rules found a sign.
            phrases: wordings of the specification that stand in it.
        """
        whole = self._scores(text)
        return replace(
            whole,
            at_signs=self._highest(s for s in sentences if s.strip() != text.strip()),
            at_phrases=self._highest(phrases),
        )

    def _highest(self, parts: Iterable[str]) -> float:
        return max((self._scores(part).steps[0] for part in parts), default=LOWEST)

    def _scores(self, text: str) -> Scores:
        plain = normalise(text)
        logits = self._network.logits(plain)
        steps = logits[:LEVEL_STEPS] + WORDS_WEIGHT * self._lexical.scores(plain)
        flags = logits[LEVEL_STEPS + 1 :]
        return Scores(
            tuple(float(step) for step in steps),
            float(logits[LEVEL_STEPS]),
            {
                name: float(score)
                for name, score in zip(self._flags, flags, strict=True)
            },
        )
