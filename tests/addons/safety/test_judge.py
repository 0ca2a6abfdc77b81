from dataclasses import replace

import pytest

from addons.safety.detector import RedFlagJudge
from addons.safety.opinion import LOWEST, Scores, Thresholds
from addons.safety.phrases import Phrase
from addons.safety.red_flags import RedFlagRules
from addons.safety.rules import RuleBook, Sign
from addons.safety.triage import Flag, Triage
from addons.understanding.text import load_spacy
from tests.addons.helpers import context_reader, rule

BOOK = RuleBook(
    (
        rule("chest pain", id="CHEST", doubtful=("chest tight",), resolved="urgent"),
        rule("numb ... bum", id="SADDLE", family="cauda_equina"),
        rule("weak leg", id="WEAK", level="urgent", family="nerve"),
        rule("stiff back", id="STIFF", level="soon", family="general"),
        rule("weight", id="WEIGHT", level="soon", together=((("fever",), ("tb",)),)),
    ),
    (Sign("fever", "a fever", ("fever",)), Sign("tb", "tuberculosis", ("tb",))),
)
RULES = RedFlagRules(BOOK, load_spacy(), context_reader())
# Scores for `check` that are neither alarming nor quiet, quiet, and silent.
DOUBTFUL, QUIET, SILENT = -1.0, -3.0, -6.0
# The score of a sentence from which on it counts by itself.
ALARMING = Thresholds().sentence
THRESHOLDS = Thresholds(0.0, 0.0, 0.0, 0.0, quiet=-2.0, silent=-5.0)
STEPS = ("none", "check", "soon", "urgent", "emergency")


class Layer:
    """Stands in for the statistical layer and remembers what it was asked."""

    def __init__(self, check: float, level: str = "none", **alone: float) -> None:
        reached = STEPS.index(level)
        rest = [1.0 if step < reached else -9.0 for step in range(4)]
        self.steps = (check, *rest[1:])
        self.flags = {"GONE": 9.0, "WEAK": 2.0, "SADDLE": 1.0, "STIFF": 0.0}
        self.alone = {text.replace("_", " "): score for text, score in alone.items()}
        self.other = -1.0
        self.asked: list[str] | None = None
        self.phrases: list[str] = []

    def scores(self, text: str, sentences=(), phrases=()) -> Scores:
        self.asked = list(sentences)
        self.phrases = list(phrases)
        found, known = (
            max((self.alone.get(s.strip(" .?!").lower(), SILENT) for s in parts),
                default=LOWEST)
            for parts in (self.asked, self.phrases)
        )  # fmt: skip
        return Scores(self.steps, self.other, self.flags, found, known)


def judge(text: str, layer: Layer | None = None) -> Triage:
    return RedFlagJudge(BOOK, RULES, layer, THRESHOLDS).judge(text)


def only(triage: Triage) -> Flag:
    (flag,) = triage.flags
    return flag


@pytest.mark.parametrize("layer", [None, Layer(DOUBTFUL), Layer(QUIET), Layer(1.0)])
def test_a_rule_that_fires_decides(layer):
    triage = judge("I have chest pain", layer)
    flag = only(triage)
    assert (triage.level, flag.id, flag.status) == ("emergency", "CHEST", "present")
    assert (flag.via, flag.family, flag.text) == ("rule", "heart", "chest pain")


@pytest.mark.parametrize("level", ["check", "soon", "urgent", "emergency"])
def test_the_layer_does_not_repeat_what_the_rules_have_raised(level):
    assert only(judge("chest pain", Layer(1.0, level))).via == "rule"


@pytest.mark.parametrize("layer", [None, Layer(DOUBTFUL), Layer(1.0, "check")])
@pytest.mark.parametrize("text", ["no chest pain", "I don't have any chest pain"])
def test_a_plain_denial_silences_a_rule_without_the_layer(layer, text):
    flag = judge(text, layer).flags[0]
    assert (flag.id, flag.level, flag.status) == ("CHEST", "card", "negated")


DOUBTS = [
    ("what is chest pain", "card", "hypothetical"),
    ("chest pain years ago", "card", "past"),
    ("could it be chest pain", "card", "hypothetical"),
    ("chest pain last year", "card", "past"),
    ("mom has chest pain", "card", "other_person"),
    ("chest pain in the movie", "card", "hypothetical"),
    ("chest pain, all good", "card", "negated"),
    ("chest pain, better now", "urgent", "past"),
    ("not sure if chest pain", "check", "uncertain"),
    ("could it be weak leg", "card", "hypothetical"),
    ("weak leg, better now", "card", "past"),
]


@pytest.mark.parametrize(("text", "level", "status"), DOUBTS)
def test_doubtful_words_are_believed_if_the_message_is_quiet(text, level, status):
    flag = only(judge(text, Layer(QUIET)))
    assert (flag.level, flag.status) == (level, status)


@pytest.mark.parametrize("layer", [None, Layer(DOUBTFUL), Layer(1.0, "check")])
@pytest.mark.parametrize("text", [text for text, *_ in DOUBTS])
def test_doubtful_words_are_not_believed_by_themselves(layer, text):
    flag = judge(text, layer).flags[0]
    assert (flag.level, flag.status) == (BOOK.rule(flag.id).level, "present")


def test_a_rule_that_was_only_doubted_says_what_the_layer_has_raised():
    triage = judge("my chest tight", Layer(1.0, "emergency"))

    assert triage.level == "emergency"
    assert [(f.id, f.level, f.via) for f in triage.flags] == [
        ("CHEST", "check", "rule"),
        ("CHEST", "emergency", "model"),
    ]


def test_a_silent_layer_takes_back_what_a_rule_found():
    triage = judge("chest pain", Layer(SILENT))
    assert (triage.level, only(triage).status) == ("card", "negated")
    assert triage.raised == ()


def test_thoughts_of_suicide_are_asked_about_though_they_sound_like_a_joke():
    book = RuleBook((rule("want to die", id="CRISIS", family="crisis"),))
    rules = RedFlagRules(book, load_spacy(), context_reader())
    judge = RedFlagJudge(book, rules, Layer(SILENT), replace(THRESHOLDS, doubtful=-2.0))
    flag = only(judge.judge("so sore I want to die lol"))
    assert (flag.level, flag.status) == ("check", "uncertain")


@pytest.mark.parametrize("text", ["chest pain", "weak leg"])
def test_a_layer_that_is_less_sure_makes_a_question_of_what_a_rule_found(text):
    asking = replace(THRESHOLDS, doubtful=-2.0)
    judge = RedFlagJudge(BOOK, RULES, Layer(QUIET), asking)
    flag = only(judge.judge(text))
    assert (flag.level, flag.status) == ("check", "uncertain")


@pytest.mark.parametrize(
    ("text", "level"),
    [("Chest pain!", "emergency"), ("chest pain there is none", "card")],
)
def test_a_phrase_that_stands_alone_cannot_be_taken_back(text, level):
    phrase = Phrase("CHEST", "emergency", False, "chest pain")
    judge = RedFlagJudge(BOOK, RULES, Layer(SILENT), THRESHOLDS, [phrase])
    assert judge.judge(text).level == level


@pytest.mark.parametrize(
    ("alone", "level"),
    [(ALARMING, "emergency"), (ALARMING - 0.1, "card"), (SILENT, "card")],
)
def test_what_stands_around_an_emergency_cannot_silence_it(alone, level):
    layer = Layer(SILENT, numb_in_my_bum=alone)
    triage = judge("What are your prices? Numb in my bum. Lovely weather!", layer)
    assert layer.asked == ["Numb in my bum."]
    assert triage.level == level


def test_what_stands_around_a_doubt_cannot_make_it_believed():
    text = "What are your prices? Could it be chest pain."
    layer = Layer(QUIET, could_it_be_chest_pain=ALARMING)
    assert judge(text, layer).level == "emergency"


def test_a_sentence_that_is_denied_for_sure_is_not_asked_about():
    layer = Layer(DOUBTFUL)
    judge("No chest pain. But a weak leg.", layer)
    assert layer.asked == ["But a weak leg."]


def test_many_lesser_signs_cannot_hide_an_emergency_behind_them():
    lesser = "Stiff back. Weight. Weak leg. Chest tight. "
    layer = Layer(SILENT, numb_in_my_bum=ALARMING)
    assert judge(f"{lesser}Numb in my bum.", layer).level == "emergency"


@pytest.mark.parametrize(
    ("level", "status", "flag", "family"),
    [
        ("check", "uncertain", "WEAK", "nerve"),
        ("soon", "present", "STIFF", "general"),
        ("urgent", "present", "WEAK", "nerve"),
        ("emergency", "present", "SADDLE", "cauda_equina"),
    ],
)
def test_the_layer_alone_raises_what_no_rule_knows(level, status, flag, family):
    text = "it is all wrong down there"
    expected = Flag(flag, level, status, 0, len(text), text, "model", family)
    assert judge(text, Layer(1.0, level)) == Triage(level, (expected,))


def test_the_layer_raises_above_what_the_rules_have_found():
    triage = judge("a stiff back and more", Layer(1.0, "urgent"))
    assert triage.level == "urgent"
    assert [(f.id, f.via) for f in triage.flags] == [("STIFF", "rule"),
                                                     ("WEAK", "model")]  # fmt: skip


def test_the_layer_raises_what_a_rule_found_denied():
    triage = judge("no chest pain, it is worse than that", Layer(1.0, "emergency"))
    assert [f.level for f in triage.flags] == ["card", "emergency"]


def test_a_flag_without_a_rule_is_not_raised():
    layer = Layer(1.0, "emergency")
    layer.flags = {"GONE": 9.0}
    assert judge("it is all wrong", layer) == Triage("none")


@pytest.mark.parametrize("layer", [None, Layer(DOUBTFUL)])
def test_doubtful_wordings_are_uncertain(layer):
    flag = only(judge("my chest tight", layer))
    assert (flag.level, flag.status, flag.via) == ("check", "uncertain", "rule")


@pytest.mark.parametrize(
    ("layer", "signs"),
    [(None, ("fever",)), (Layer(DOUBTFUL), ("fever",)), (Layer(QUIET), ())],
)
def test_a_sign_in_doubt_counts_unless_the_message_is_quiet(layer, signs):
    assert judge("mom had a fever", layer).signs == signs


@pytest.mark.parametrize("layer", [None, Layer(QUIET)])
def test_a_denied_sign_does_not_count(layer):
    assert judge("no fever but TB", layer).signs == ("tb",)


@pytest.mark.parametrize(("other", "about"), [(1.0, True), (-1.0, False)])
def test_the_layer_says_whether_it_is_about_somebody_else(other, about):
    layer = Layer(1.0)
    layer.other = other
    assert judge("chest pain", layer).about_other is about


@pytest.mark.parametrize("text", ["", " ", "\n\t"])
def test_of_an_empty_message_nothing_is_asked(text):
    layer = Layer(1.0, "emergency")
    assert judge(text, layer) == Triage("none")
    assert layer.asked is None


@pytest.mark.parametrize(
    ("alone", "level"), [(DOUBTFUL, "emergency"), (SILENT, "card")]
)
def test_a_phrase_of_the_specification_counts_with_the_words_beside_it(alone, level):
    layer = Layer(SILENT, since_today_numb_in_my_bum_what_now=alone)
    phrases = [Phrase("SADDLE", "emergency", False, "Numb in my bum")]
    text = "It is that since today numb in my bum what now please"
    triage = RedFlagJudge(BOOK, RULES, layer, THRESHOLDS, phrases).judge(text)
    assert layer.phrases == ["since today numb in my bum what now"]
    assert triage.level == level


@pytest.mark.parametrize("layer", [None, Layer(DOUBTFUL)])
def test_a_slip_of_the_keys_is_corrected_and_the_place_is_the_typed_one(layer):
    flag = only(judge("so numbb in my bum today", layer))
    assert (flag.id, flag.level) == ("SADDLE", "emergency")
    assert flag.text == "numbb in my bum"


class BrokenLayer(Layer):
    def scores(self, text: str, sentences=(), phrases=()) -> Scores:
        raise ValueError("zip() argument 2 is shorter than argument 1")


def test_a_layer_that_fails_leaves_the_rules_to_judge():
    judge = RedFlagJudge(BOOK, RULES, BrokenLayer(1.0), THRESHOLDS)
    with pytest.raises(ValueError, match="zip"):
        judge.judge("chest pain")
    assert judge.judge_by_rules("chest pain").level == "emergency"
