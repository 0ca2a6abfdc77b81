from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.booking.phones import Phone, PhoneAnswer, PhoneBook
from documents.errors import FactsError
from documents.facts import Facts

SHIPPED = Path(__file__).parents[3] / "data/clinic/clinic.yml"
BOOK = PhoneBook.from_facts(Facts.from_file(SHIPPED))
MINE = Phone("+27825550142", "082 555 0142")
OTHER = Phone("+27835550199", "083 555 0199")


@pytest.mark.parametrize(
    "text",
    [
        "082 555 0142",
        "0825550142",
        "082-555-0142",
        "082.555.0142",
        "(082) 555 0142",
        "o82 555 o142",
        "O825550142",
        "+27 82 555 0142",
        "+27 (0)82 555 0142",
        "0027 82 555 0142",
        "27825550142",
        "tel:+27-82-555-0142",
        "082–555–0142",
        "０８２ ５５５ ０１４２",
        "\u202a082 555 0142\u202c",
        "my number is 082 555 0142, call after 5",
        "082 555 0142 (not before 17:00)",
        "its 082 555 0142 thanks, I'm 34",
        "082 555 0142 or 0825550142",
        "not the clinic's 012 555 0142 but 082 555 0142",
    ],
)
def test_reads_one_number_however_it_is_typed(text):
    assert BOOK.read(text) == PhoneAnswer((MINE,))


@pytest.mark.parametrize(
    "text",
    [
        "082 555 0142 or 083 555 0199",
        "082 555 0142 / 083 555 0199",
        "082 555 0142/083 555 0199",
        "082 555 0142 083 555 0199",
        "0825550142 0835550199",
        "work 082 555 0142\ncell 083 555 0199",
    ],
)
def test_returns_both_of_two_numbers(text):
    assert BOOK.read(text) == PhoneAnswer((MINE, OTHER))


@pytest.mark.parametrize(
    ("text", "phone"),
    [
        ("+44 20 7946 0958", Phone("+442079460958", "+44 20 7946 0958")),
        ("0044 20 7946 0958", Phone("+442079460958", "+44 20 7946 0958")),
        ("44 7911 123456", Phone("+447911123456", "+44 7911 123456")),
        ("+1 (202) 555-0143", Phone("+12025550143", "+1 202-555-0143")),
        ("+266 5012 3456", Phone("+26650123456", "+266 5012 3456")),
        ("012 345 6789 ext 12", Phone("+27123456789", "012 345 6789", "12")),
        ("012 345 6789 x 4", Phone("+27123456789", "012 345 6789", "4")),
    ],
)
def test_accepts_foreign_numbers_and_extensions(text, phone):
    assert BOOK.read(text) == PhoneAnswer((phone,))


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "none"),
        ("never mind", "none"),
        ("why do you need it?", "none"),
        ("5", "none"),
        ("call me after 5pm", "none"),
        ("082 555 014", "too_short"),
        ("555 0142", "too_short"),
        ("82 555 014", "too_short"),
        ("082 555 01423", "too_long"),
        ("0825550142123456789", "too_long"),
        ("000 000 0000", "not_possible"),
        ("+999 123 4567", "not_possible"),
        # An identity number is not a number in Pakistan.
        ("9208015009087", "too_long"),
        ("112", "emergency"),
        ("call 10177", "emergency"),
        ("0861 555 777", "emergency"),
        ("+27 861 555 777", "emergency"),
        ("0800 567 567", "emergency"),
        ("012 555 0142", "own_number"),
        ("o12 555 o142", "own_number"),
        ("+27 12 555 0143", "own_number"),
    ],
)
def test_says_what_is_wrong_with_a_number(text, problem):
    assert BOOK.read(text) == PhoneAnswer(problem=problem)


@pytest.mark.parametrize(
    ("country", "text", "e164"),
    [
        ("GB", "020 7946 0958", "+442079460958"),
        ("US", "(202) 555-0143", "+12025550143"),
        ("NZ", "021 123 4567", "+64211234567"),
    ],
)
def test_takes_the_country_of_the_clinic(country, text, e164):
    book = PhoneBook.from_facts(Facts({"country": country}))

    (phone,) = book.read(text).phones

    assert (phone.e164, "+" in phone.groups) == (e164, False)


def test_a_country_without_telephone_numbers_is_a_mistake():
    with pytest.raises(FactsError, match=r"^clinic\.yml: 'country' is 'EU'"):
        PhoneBook.from_facts(Facts({"country": "EU"}))


@given(st.text(max_size=300) | st.text(alphabet="0123456789+-()oO /x.,", max_size=300))
def test_never_fails_and_never_accepts_a_number_that_is_not_a_patients(text):
    answer = BOOK.read(text)

    assert bool(answer.phones) != bool(answer.problem)
    assert not {phone.e164 for phone in answer.phones} & (BOOK.own | BOOK.emergency)


@given(st.from_regex(r"0(?:82|73|60|11|21)[2-9][0-9]{6}", fullmatch=True))
def test_what_is_read_back_is_read_as_the_same_number(text):
    first = BOOK.read(text)

    assert all(BOOK.read(phone.groups).phones == (phone,) for phone in first.phones)


@pytest.mark.parametrize("text", ["1" * 2000, "082 " * 500, "+" * 2000, "(" * 2000])
def test_reads_a_long_text_of_nonsense_as_no_number(text):
    assert BOOK.read(text).phones == ()
