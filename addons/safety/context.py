"""Says whether a found sign is denied, asked about, past, or somebody else's.

ConText (Harkema et al. 2009) in medSpaCy finds the words that change a sign and how
far they reach; the wordings are data, in `data/safety/context.yml`.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from medspacy.context import ConText, ConTextRule
from spacy.language import Language
from spacy.tokens import Span

from addons.safety.memory import Memory
from addons.safety.yaml_file import read_yaml
from addons.understanding.errors import SafetyRuleError

CONTEXT_FILE = Path("data/safety/context.yml")
DIRECTIONS = {"before": "FORWARD", "after": "BACKWARD", "either": "BIDIRECTIONAL"}
# What a sign can become; the first in this row wins.
CONTEXTS = ("negated", "hypothetical", "fiction", "past", "resolved", "other_person",
            "uncertain")  # fmt: skip
KEYS = frozenset({"status", "stands", "sure", "within", "words"})
# Words on either side of a sign in which ConText looks: its work grows with the
# square of the words that it finds.
WINDOW = 40
TARGETS = "red_flag_targets"
# "n't" after one of these is a lost ability and denies nothing that follows.
ABILITIES = frozenset({"ca", "can", "could", "wo", "will", "would"})
# "never had chest pain like this": it is there now.
NEVER_BEFORE = frozenset({"like", "before", "until"})
AFTER_REACH = 3
DENIALS = frozenset({"no", "not", "n't", "nt", "never", "without", "cannot"})
DOUBLE_REACH = 3

Places = tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Context:
    """What the words around a sign make of it; empty if they change nothing.

    `sure` holds by itself; `likely` needs the statistical layer to agree.
    """

    sure: str = ""
    likely: str = ""

    def taken(self, *, quiet: bool) -> str:
        """Returns what holds, given whether the statistical layer finds it quiet."""
        return self.sure or (self.likely if quiet else "")


@dataclass(frozen=True)
class ContextRules:
    """The content of `context.yml`."""

    rules: tuple[ConTextRule, ...]
    light: frozenset[str]
    joins: frozenset[str]
    signs: frozenset[str]


class ContextReader:
    """Finds what changes a sign, in the sentence where the sign stands."""

    def __init__(self, nlp: Language, rules: ContextRules) -> None:
        self._rules = rules
        self._context = ConText(
            nlp,
            rules=None,
            span_attrs=None,
            input_span_type="group",
            span_group_name=TARGETS,
        )
        self._context.add(rules.rules)
        self._memory: Memory[list[Context]] = Memory()

    def read(self, span: Span) -> Context:
        """Returns what the words around a span make of it."""
        return self.read_all([span])[0]

    def read_all(self, spans: Sequence[Span]) -> list[Context]:
        """Returns the same for several spans of one text, sentence by sentence."""
        groups: dict[tuple[int, int], list[int]] = defaultdict(list)
        for index, span in enumerate(spans):
            start, end = span[0].sent.start, span[-1].sent.end
            if end - start > 2 * WINDOW:  # a sentence without an end
                start, end = (
                    max(start, span.start - WINDOW),
                    min(end, span.end + WINDOW),
                )
            groups[start, end].append(index)
        contexts = [Context()] * len(spans)
        for (start, end), indices in groups.items():
            window = spans[indices[0]].doc[start:end]
            places = tuple(
                (spans[i].start - start, spans[i].end - start) for i in indices
            )
            key = (tuple(token.lower_ for token in window), places)
            judged = self._memory.recall(key, self._judged, window, places)
            for index, context in zip(indices, judged, strict=True):
                contexts[index] = context
        return contexts

    def _judged(self, window: Span, places: Places) -> list[Context]:
        doc = window.as_doc()
        targets = [doc[first:last] for first, last in places]
        doc.spans[TARGETS] = targets
        self._context(doc)
        edges: dict[tuple[int, int], list[Any]] = defaultdict(list)
        for target, modifier in doc._.context_graph.edges:
            edges[target.start, target.end].append(modifier)
        return [self._judge(one, edges[one.start, one.end]) for one in targets]

    def _judge(self, target: Span, modifiers: Sequence[Any]) -> Context:
        sure: set[str] = set()
        likely: set[str] = set()
        for modifier in modifiers:
            status, _, weight = modifier.category.lower().partition(":")
            begin, stop = modifier.modifier_span
            is_sure = weight == "sure"
            if status == "negated" and is_sure:
                is_sure = self._denies(target.doc[begin:stop], target)
            (sure if is_sure else likely).add(status)
        if any(token.lower_ in DENIALS for token in target):
            # A lost ability is the sign itself: its own "not" can deny nothing.
            sure.discard("negated")
            likely.discard("negated")
        return Context(_first(sure), _first(likely))

    def _denies(self, denial: Span, target: Span) -> bool:
        """Says whether little stands between a denial and the sign after it."""
        if denial.start >= target.start or _of_ability(denial):
            return False
        if denial.text == "never" and _as_never_before(target):
            return False
        before = denial.doc[max(0, denial.start - DOUBLE_REACH) : denial.start]
        doubled = any(token.lower_ in DENIALS for token in before)
        if doubled and denial.text == "without":  # "not a day without pain"
            return False
        between = denial.doc[denial.end : target.start]
        if between and between[0].text == ",":  # "no, I have chest pain"
            return False
        past_comma = False
        for token in between:
            word = token.lower_
            if word in self._rules.signs:
                if token.nbor(1).lower_ not in self._rules.joins:
                    return False
            elif word not in self._rules.light and word not in self._rules.joins:
                return False
            past_comma = past_comma or word == ","
        return not past_comma or _is_list(denial)


def _first(found: set[str]) -> str:
    return next((status for status in CONTEXTS if status in found), "")


def _of_ability(denial: Span) -> bool:
    before = denial.doc[max(0, denial.start - 1) : denial.start]
    return any(token.lower_ in ABILITIES for token in before)


def _as_never_before(target: Span) -> bool:
    after = target.doc[target.end : target.end + AFTER_REACH]
    return any(token.lower_ in NEVER_BEFORE for token in after)


def _is_list(denial: Span) -> bool:
    rest = denial.doc[denial.start :]
    return any(token.lower_ in ("or", "nor") for token in rest)


def read_context(nlp: Language, file: Path = CONTEXT_FILE) -> ContextRules:
    """Reads the words of context.

    Raises:
        SafetyRuleError: the file is missing or breaks the format, with file and line.
    """
    tree = read_yaml(file, "rt")
    rules: list[ConTextRule] = []
    for number, entry in enumerate(_part(tree, "contexts", list, file)):
        line = int(tree["contexts"].lc.item(number)[0]) + 1
        rules += _context_rules(nlp, entry, f"{file}:{line}")
    for words in _part(tree, "ends", list, file):
        rules.append(_rule(nlp, str(words), "END", "TERMINATE"))
    for words in _part(tree, "not_meant", list, file):
        rules.append(_rule(nlp, str(words), "NOT_MEANT", "PSEUDO"))
    little = _part(tree, "little", Mapping, file)
    light, joins, signs = (
        frozenset(str(little.get(key) or "").split())
        for key in ("words", "joins", "signs")
    )
    return ContextRules(tuple(rules), light, joins, signs)


def _part(tree: Any, name: str, kind: type, file: Path) -> Any:
    part = tree.get(name) if isinstance(tree, Mapping) else None
    if not part or not isinstance(part, kind):
        raise SafetyRuleError(f"{file}: `{name}:` is missing or has another shape.")
    return part


def _context_rules(nlp: Language, entry: Any, where: str) -> list[ConTextRule]:
    if not isinstance(entry, Mapping) or not entry.get("words"):
        raise SafetyRuleError(f"{where}: an entry needs `status:` and `words:`.")
    unknown = sorted(set(entry) - KEYS)
    if unknown:
        raise SafetyRuleError(f"{where}: unknown key '{unknown[0]}'.")
    sure, within = entry.get("sure", False), entry.get("within", 1)
    if not isinstance(sure, bool) or not isinstance(within, int):
        raise SafetyRuleError(
            f"{where}: `sure:` must be true or false, and `within:` a number."
        )
    if not isinstance(entry["words"], list):
        raise SafetyRuleError(f"{where}: `words:` must be a list.")
    status, stands = entry.get("status"), entry.get("stands")
    if status not in CONTEXTS or stands not in DIRECTIONS:
        raise SafetyRuleError(
            f"{where}: `status:` must be one of {', '.join(CONTEXTS)}, and `stands:` "
            f"one of {', '.join(DIRECTIONS)}."
        )
    category = f"{status}:{'sure' if entry.get('sure') else 'likely'}".upper()
    return [
        _rule(nlp, str(words), category, DIRECTIONS[stands], entry.get("within"))
        for words in entry["words"]
    ]


def _rule(
    nlp: Language, words: str, category: str, direction: str, within: int | None = None
) -> ConTextRule:
    pattern = [{"LOWER": token.lower_} for token in nlp.make_doc(words)]
    return ConTextRule(
        words, category, pattern=pattern, direction=direction, max_scope=within
    )
