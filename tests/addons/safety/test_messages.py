"""The example messages: what is learned, tuned on, and held out."""

import re
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from addons.safety.learning.messages import Example, read_messages
from addons.safety.network import NETWORK_FILE, fingerprint
from addons.safety.phrases import PHRASES_FILE, read_phrases
from addons.understanding.errors import SafetyRuleError

ROOT = Path(__file__).parents[3]
FILES = {
    "train": sorted((ROOT / "data/safety/messages").glob("train-*.tsv")),
    "tune": sorted((ROOT / "data/safety/messages").glob("tune-*.tsv")),
    "held": sorted((ROOT / "tests/safety/messages").glob("held-*.tsv")),
}
PASSES = {name: read_messages(files) for name, files in FILES.items()}
FLAGS = {phrase.flag for phrase in read_phrases(ROOT / "data/safety/phrases.tsv")}
LINE = "urgent\tWEAK\tplain\tmy foot drags\n"
WORD = re.compile(r"\w+")


def bare(example: Example) -> str:
    """Returns the words of a message in small letters."""
    plain = example.text.lower().replace("'", "").replace("’", "")
    return " ".join(WORD.findall(plain))


def listed(texts: set[str]) -> str:
    return "\n".join([f"{len(texts)} messages stand in both:", *sorted(texts)])


@pytest.mark.parametrize(
    ("name", "other"), [("held", "train"), ("held", "tune"), ("tune", "train")]
)
def test_no_message_stands_in_two_kinds_of_files(name, other):
    both = {bare(e) for e in PASSES[name]} & {bare(e) for e in PASSES[other]}
    assert not both, listed(both)


@pytest.mark.parametrize("flag", sorted(FLAGS))
def test_there_are_enough_messages_to_learn_each_flag(flag):
    least = 150 if flag.startswith("CES_") else 60
    named = [e for e in PASSES["train"] if flag in e.flags and not e.quiet]
    assert len(named) >= least


def test_there_are_enough_quiet_messages_to_learn():
    assert sum(example.quiet for example in PASSES["train"]) >= 2500


@pytest.mark.parametrize("name", ["tune", "held"])
def test_every_flag_and_enough_quiet_messages_are_measured(name):
    alarming = [example for example in PASSES[name] if not example.quiet]
    assert {flag for example in alarming for flag in example.flags} == FLAGS
    assert len(PASSES[name]) - len(alarming) >= 500


@pytest.mark.parametrize("name", PASSES)
def test_only_flags_of_the_specification_are_named(name):
    assert {flag for example in PASSES[name] for flag in example.flags} <= FLAGS


@pytest.mark.parametrize("name", PASSES)
def test_what_is_alarming_names_its_flag(name):
    assert [e for e in PASSES[name] if not e.quiet and not e.flags] == []


@pytest.mark.parametrize("name", PASSES)
def test_the_same_words_are_always_quiet_or_never(name):
    levels = Counter(text for text, _ in {(bare(e), e.quiet) for e in PASSES[name]})
    assert [text for text, count in levels.items() if count > 1] == []


def test_the_network_has_learned_these_messages():
    with np.load(ROOT / NETWORK_FILE) as arrays:
        assert str(arrays["learned_from"]) == fingerprint(
            [*FILES["train"], PHRASES_FILE]
        )


def test_reads_level_flags_context_text_and_source(write):
    file = write("pass-1.tsv", f"{LINE}none\tA+B\tdenied\tno “fever”, no chills\n")
    assert read_messages([file]) == [
        Example("urgent", ("WEAK",), "plain", "my foot drags", "pass-1"),
        Example("none", ("A", "B"), "denied", "no “fever”, no chills", "pass-1"),
    ]


def test_a_dash_names_no_flag(write):
    (example,) = read_messages([write("a.tsv", "none\t-\tbooking\ton Monday?\n")])
    assert example.flags == ()


def test_files_are_read_in_the_order_of_their_names(write):
    files = [write(f"{name}.tsv", LINE) for name in ("b", "a")]
    assert [example.source for example in read_messages(files)] == ["a", "b"]


@pytest.mark.parametrize(
    ("level", "quiet"),
    [("none", True), ("card", True), ("check", False), ("soon", False),
     ("emergency", False)],
)  # fmt: skip
def test_quiet_is_what_needs_no_more_than_the_card(level, quiet):
    assert Example(level, (), "plain", "text", "a").quiet is quiet


def message_for(file: Path) -> str:
    with pytest.raises(SafetyRuleError) as caught:
        read_messages([file])
    return str(caught.value)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("", "1 columns instead of level, flags, context and message"),
        ("urgent\tWEAK\tmy foot drags", "3 columns instead of level, flags"),
        ("urgent\tWEAK\tplain\tmy foot\tdrags", "5 columns instead of level, flags"),
        ("grave\tWEAK\tplain\tmy foot drags", "level 'grave' or context 'plain' is"),
        ("urgent\tWEAK\tplane\tmy foot drags", "level 'urgent' or context 'plane' is"),
        ("urgent\tWEAK\tplain\t ", "is unknown, or the message is empty."),
    ],
)
def test_a_mistake_names_file_and_line(write, line, message):
    file = write("pass.tsv", f"{LINE}{line}\n{LINE}")
    assert message_for(file).startswith(f"{file}:2: ")
    assert message in message_for(file)


@pytest.mark.parametrize("flags", ["", "WEAK+", "WEAK++CHEST"])
def test_an_empty_flag_names_file_and_line(write, flags):
    file = write("pass.tsv", f"urgent\t{flags}\tplain\tmy foot drags\n")
    assert message_for(file).startswith(f"{file}:1: ")


def test_a_file_in_another_encoding_is_named(write):
    file = write("pass.tsv", "urgent\tWEAK\tplain\tma pied traîne\n".encode("latin-1"))
    assert message_for(file).startswith(str(file))


def test_the_fingerprint_knows_names_and_content_and_no_order(write):
    one, two = write("1.tsv", LINE), write("2.tsv", LINE)
    renamed, changed = write("3.tsv", LINE), write("new/2.tsv", f"{LINE}{LINE}")

    assert fingerprint([one, two]) == fingerprint([two, one])
    others = ([one], [one, renamed], [one, changed])
    assert fingerprint([one, two]) not in {fingerprint(files) for files in others}
