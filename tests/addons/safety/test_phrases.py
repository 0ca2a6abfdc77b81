"""The phrases of the specification, through the whole shipped detector."""

import random
import re
from functools import lru_cache

import pytest

from addons.safety.detector import RedFlagJudge
from addons.safety.opinion import StatisticalLayer
from addons.safety.phrases import read_phrases
from addons.safety.triage import rank
from addons.understanding.errors import SafetyRuleError
from benchmarks.evaluate_safety import read_thresholds

PHRASES = read_phrases()
POSITIVE = [phrase for phrase in PHRASES if not phrase.is_trap]
TRAPS = [phrase for phrase in PHRASES if phrase.is_trap]
HEADER = "flag\tlevel\tkind\tphrase\n"
WORD = re.compile(r"[a-z]+", re.IGNORECASE)


@lru_cache(maxsize=1)
def detector() -> RedFlagJudge:
    """Returns the detector with all that is shipped."""
    layer = StatisticalLayer()
    return RedFlagJudge.from_folder(layer=layer, thresholds=read_thresholds())


def level(text: str) -> str:
    return detector().judge(text).level


def doubled(text: str) -> str:
    """Returns a text with one letter of its longest word twice."""
    word = max(WORD.finditer(text), key=lambda found: len(found.group()))
    place = random.Random(text).randrange(*word.span())
    return text[:place] + text[place] + text[place:]


def slipped(text: str) -> str:
    """Returns a text with letters swapped or one dropped inside its longest word."""
    word = max(WORD.finditer(text), key=lambda found: len(found.group()))
    chance = random.Random(text)
    place = chance.randrange(word.start() + 1, word.end() - 1)
    left, right = text[place : place + 2]
    swapped = place + 2 < word.end() and left != right and chance.random() < 0.5
    return text[:place] + (right + left if swapped else right) + text[place + 2 :]


# Misspelt phrases that are missed or judged too low. Most slips make another word,
# which is not corrected ("cash", "moth", "dad", "seats", "lie"); others are nearer to
# another word than to the one that was meant.
KNOWN_MISSES = frozenset({
    "dad legs",
    "my foot saps when I walk",
    "fot drop",
    "can't puh off with my foot",
    "car cash and now my back is sore",
    "flel off the roof",
    "lump on my spie",
    "hard lump next to my spie",
    "spine looks cooked all of a sudden",
    "night seats and back pain",
    "tering pain through to my back",
    "upper back pain and swating",
    "toes tuning black",
    "cod dead foot",
    "my moth is skew on one side",
    "back pain at 35 weks",
    "my 6 year old's back hurs at night",
    "can't lie with this pain",
    "I can't go on lie this",
    "I have to pace the flor at night",
    "Cron's and a stiff spine",
})  # fmt: skip
MOST_MISSED = 0.05
FORMS = {"as it stands": str, "a letter twice": doubled, "a slip": slipped}


@pytest.mark.parametrize("form", FORMS)
def test_every_phrase_is_raised_at_its_level_or_above(form):
    texts = [(phrase, FORMS[form](phrase.text)) for phrase in POSITIVE]
    missed = [
        f"{phrase.flag}: {found} instead of {phrase.level}: {text}"
        for phrase, text in texts
        if text not in KNOWN_MISSES and rank(found := level(text)) < rank(phrase.level)
    ]
    assert not missed, "\n".join([f"{len(missed)} of {len(texts)}", *missed])


def test_few_misspelt_phrases_are_known_to_be_missed():
    assert len(KNOWN_MISSES) <= MOST_MISSED * len(POSITIVE)
    forms = {form(phrase.text) for phrase in POSITIVE for form in (slipped, doubled)}
    assert forms >= KNOWN_MISSES
    assert KNOWN_MISSES.isdisjoint(phrase.text for phrase in POSITIVE)


def test_every_trap_stays_below_urgent():
    traps = [trap for trap in TRAPS if rank(trap.level) < rank("soon")]
    raised = [
        f"{trap.flag}: {triage.level} {triage.raised[0].id} via "
        f"{triage.raised[0].via}: {trap.text}"
        for trap in traps
        if rank((triage := detector().judge(trap.text)).level) >= rank("urgent")
    ]
    assert not raised, "\n".join([f"{len(raised)} of {len(traps)}", *raised])


def test_the_misspelt_forms_differ_by_one_slip():
    for text in (phrase.text for phrase in POSITIVE):
        assert len(doubled(text)) == len(text) + 1
        assert slipped(text) != text
        assert len(text) - len(slipped(text)) in (0, 1)


def test_every_flag_has_a_rule_a_phrase_and_a_trap():
    flags = {rule.id for rule in detector().book.rules}
    assert flags == {phrase.flag for phrase in POSITIVE}
    assert flags == {trap.flag for trap in TRAPS}


def test_no_phrase_is_a_trap_too():
    texts, traps = ({p.text.lower() for p in some} for some in (POSITIVE, TRAPS))
    assert texts & traps == set()


@pytest.mark.parametrize(
    ("content", "line"),
    [
        ("flag\tlevel\tphrase\n", 1),
        (f"{HEADER}CHEST\temergency\tpositive\n", 2),
        (f"{HEADER}CHEST\temergency\tpositive\tchest\tpain\n", 2),
        (f"{HEADER}CHEST\tgrave\tpositive\tchest pain\n", 2),
        (f"{HEADER}CHEST\tnone\ttrap\tchest\nCHEST\tnone\ttrick\tchest\n", 3),
    ],
)
def test_a_mistake_names_file_and_line(write, content, line):
    file = write("phrases.tsv", content)
    with pytest.raises(SafetyRuleError) as caught:
        read_phrases(file)
    assert str(caught.value).startswith(f"{file}:{line}: ")


@pytest.mark.parametrize("content", ["", f"{HEADER}CHEST\tnone\ttrap\t \n"])
def test_what_is_empty_names_the_file(write, content):
    file = write("phrases.tsv", content)
    with pytest.raises(SafetyRuleError) as caught:
        read_phrases(file)
    assert str(file) in str(caught.value)
