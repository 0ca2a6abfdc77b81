"""Holds the articles that the project comes with against its editorial rules."""

import re
from pathlib import Path

import pytest

from documents.articles import LONGEST_PIECE

SOURCE = Path(__file__).parents[3] / "shared/source/back-muscle-spasm.txt"
SHORTEST_COPY = 8
REASSURANCE = ("nothing to worry about", "it is only", "you will be fine", "guaranteed")
MEDICINE = re.compile(
    r"anti-inflammator|painkiller|muscle relaxant|voltaren|injection|medicine"
    r"|medication",
    re.IGNORECASE,
)


def words_of(text: str) -> list[str]:
    """Returns the words of a text, without case and punctuation."""
    plain = text.casefold().replace("’", "'")
    return re.findall(r"[a-z0-9]+(?:'[a-z]+)?", plain)


def runs_of(words: list[str]) -> set[str]:
    """Returns every run of eight words."""
    last = len(words) - SHORTEST_COPY + 1
    return {" ".join(words[i : i + SHORTEST_COPY]) for i in range(last)}


def whole_text(section) -> str:
    """Returns a section as the patient may read it."""
    return " ".join((section.title, *section.paragraphs))


def grade_of(text: str) -> float:
    """Returns the Flesch-Kincaid grade of a text.

    Syllables are groups of vowels, less a silent e. That is right for plain English
    words, and one too few or too many for some ("area", "serious"); numbers count as
    one. On a paragraph the errors even out to a few tenths of a grade.
    """
    sentences = [s for s in re.split(r"[.!?]+(?:\s|$)", text) if s.strip()]
    words = words_of(text)
    syllables = sum(map(syllables_of, words))
    return 0.39 * len(words) / len(sentences) + 11.8 * syllables / len(words) - 15.59


def syllables_of(word: str) -> int:
    """Counts the syllables of a word, roughly."""
    silent = re.search(r"[^aeiouyl]e$|[^aeiouytd]ed$|[^aeiouysxzcgh]es$", word)
    groups = re.findall(r"[aeiouy]+", word)
    parted = re.findall(r"io(?!n|us)", word)  # physi-o, peri-od; not acti-on
    return max(1, len(groups) + len(parted) - bool(silent))


@pytest.mark.parametrize(
    ("word", "count"),
    [
        ("back", 1),
        ("hope", 1),
        ("pulled", 1),
        ("moves", 1),
        ("muscle", 2),
        ("needed", 2),
        ("doses", 2),
        ("recovery", 4),
        ("physiotherapist", 6),
        ("112", 1),
    ],
)
def test_syllables_are_counted(word, count):
    assert syllables_of(word) == count


@pytest.mark.parametrize(
    ("text", "grade"),
    [
        ("The cat sat on the mat.", -1.4),
        ("Medication ordinarily necessitates professional consultation.", 35.9),
    ],
)
def test_grade_tells_plain_from_difficult(text, grade):
    assert grade_of(text) == pytest.approx(grade, abs=0.1)


def test_every_answer_has_ninety_words_at_most(shipped):
    words = {s.address: len(s.answer.split()) for s in shipped.sections}

    assert {a: count for a, count in words.items() if count > 90} == {}


def test_every_answer_reads_at_grade_seven_or_below(shipped):
    grades = {s.address: round(grade_of(s.answer), 1) for s in shipped.sections}

    assert {a: grade for a, grade in grades.items() if grade > 7.0} == {}


def test_every_further_part_fits_a_phone(shipped):
    sizes = {s.address: max(map(len, s.parts[1:]), default=0) for s in shipped.sections}

    assert {a: size for a, size in sizes.items() if size > LONGEST_PIECE} == {}


def test_every_section_answers_a_topic(shipped):
    answering = {topic.section for topic in shipped.topics}

    assert {section.address for section in shipped.sections} - answering == set()


def test_every_section_names_one_or_two_others(shipped):
    related = {s.address: s.related for s in shipped.sections}

    wrong = {
        address: names
        for address, names in related.items()
        if not 1 <= len(set(names)) == len(names) <= 2 or address in names
    }
    assert wrong == {}


def test_no_section_reassures_falsely(shipped):
    found = {
        section.address: phrase
        for section in shipped.sections
        for phrase in REASSURANCE
        if phrase in " ".join(words_of(whole_text(section)))
    }

    assert found == {}


@pytest.mark.parametrize("article", ["back-muscle-spasm", "neck-muscle-spasm"])
def test_section_that_names_a_medicine_sends_to_a_doctor_or_pharmacist(
    shipped, article
):
    texts = {
        section.address: whole_text(section)
        for section in shipped.sections
        if section.address.startswith(f"{article}#")
    }

    naming = {a: text for a, text in texts.items() if MEDICINE.search(text)}
    assert naming != {}
    assert [a for a, text in naming.items() if "doctor or pharmacist" not in text] == []


def test_only_facts_about_the_clinic_may_be_told_in_an_emergency(shipped):
    facts = {s.address.partition("#")[0] for s in shipped.sections if not s.advice}
    advice = {s.address.partition("#")[0] for s in shipped.sections if s.advice}

    assert facts == {"our-clinic"}
    assert advice == {"back-muscle-spasm", "neck-muscle-spasm"}


def test_every_reviewed_section_exists(shipped, root):
    table = (root / "docs/clinical-review.md").read_text(encoding="utf-8")

    addresses = re.findall(r"^\| ([\w-]+#[\w-]+) \|", table, re.MULTILINE)

    assert addresses != []
    assert [address for address in addresses if not shipped.has(address)] == []
    assert len(addresses) == len(set(addresses))


@pytest.mark.skipif(
    not SOURCE.exists(), reason="the clinic's own article is not part of the project"
)
def test_no_sentence_is_taken_from_the_source(shipped):
    source = runs_of(words_of(SOURCE.read_text(encoding="utf-8")))

    taken = {
        section.address: sorted(runs_of(words_of(whole_text(section))) & source)
        for section in shipped.sections
    }

    assert {address: runs for address, runs in taken.items() if runs} == {}


def test_a_copied_run_of_eight_words_is_found():
    source = runs_of(words_of("one two three four five six seven eight nine"))

    assert runs_of(words_of("Two, three FOUR five six seven eight nine.")) & source
    assert not runs_of(words_of("three four five six seven eight nine ten")) & source
