import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.booking.names import NameAnswer, read_name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Thandi M", "Thandi M"),
        ("its Thandi M", "Thandi M"),
        ("It's Thandi", "Thandi"),
        ("my name is Jan van der Merwe", "Jan van der Merwe"),
        ("Hi, I’m O’Brien", "O'Brien"),
        ("My full name is Zoë Brontë", "Zoë Brontë"),
        ("ngingu Sipho Dlamini", "Sipho Dlamini"),
        ("ek is Pieter", "Pieter"),
        ("Name: Lerato", "Lerato"),
        ("Thandi here, thanks", "Thandi"),
        ("you can call me Vusi", "Vusi"),
        ("Dr. N. Naidoo", "Dr. N. Naidoo"),
        ("José-María (Pepe)", "José-María (Pepe)"),
        ("李小龙", "李小龙"),
        ("Will Smith", "Will Smith"),
        ("Candice Do", "Candice Do"),
        ("Thandi M, call me on 082 555 0142", "Thandi M"),
        ("  Thandi \n M  ", "Thandi M"),
        ("Thandi\x00\x07\u202e M\u200b", "Thandi M"),
        ("<b>Thandi</b>", "Thandi"),
        ("Thandi<img src=x onerror=alert(1)>", "Thandi"),
        ("*Thandi* _M_", "Thandi M"),
        ("Thandi {{secret}}", "Thandi secret"),
        ("Thandi 😀", "Thandi"),
        ("a" * 200, "a" * 80),
    ],
)
def test_reads_the_name(text, name):
    assert read_name(text) == NameAnswer(name)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "no_name"),
        ("😀", "no_name"),
        ("...", "no_name"),
        ("no", "no_name"),
        ("me", "no_name"),
        ("no note", "no_name"),
        ("rather not say", "no_name"),
        ("{{7*7}}", "no_name"),
        ("why do you need that?", "question"),
        ("is this safe", "question"),
        ("082 555 0142", "number"),
        ("call me on 082 555 0142", "number"),
    ],
)
def test_says_why_there_is_no_name(text, problem):
    assert read_name(text) == NameAnswer(problem=problem)


@given(st.text(max_size=300))
def test_a_name_is_short_and_holds_no_markup(text):
    answer = read_name(text)

    assert bool(answer.name) != bool(answer.problem)
    assert len(answer.name) <= 80
    assert not set(answer.name) & set('<>{}[]|\\/*_~`&;="')
    assert all(unicodedata.category(c)[0] in "LMZP" for c in answer.name)


@pytest.mark.parametrize(
    "text", ["<" * 2000, "(" * 2000, "1 " * 1000, "name is " * 250]
)
def test_reads_a_long_text_of_nonsense(text):
    read_name(text)
