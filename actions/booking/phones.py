"""Reads the number on which the clinic may call a patient back."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumber, PhoneNumberFormat

from documents.errors import FactsError
from documents.facts import Facts

NONE = "none"
TOO_SHORT = "too_short"
TOO_LONG = "too_long"
NOT_POSSIBLE = "not_possible"
EMERGENCY = "emergency"
OWN_NUMBER = "own_number"

OWN = ("phone.reception", "phone.whatsapp")
EMERGENCIES = (
    "emergency.ambulance",
    "emergency.ambulance_alternative",
    "emergency.poison_line",
    "emergency.crisis_line",
)
# The library takes some numbers of 7 and 8 digits for valid that nobody can have.
FULL_LENGTH = {"ZA": 9}
LONGEST_TEXT = 2000
FEWEST_DIGITS = 5
MOST_DIGITS = 15
MOST_WITHOUT_PLUS = 12
MOST_NUMBERS = 5
LETTER_O = re.compile(
    r"(?<![^\W\d_])[oO\d]*\d[oO\d]*(?![^\W\d_])|(?<![^\W\d_])[oO](?= ?\d)"
)
NUMBER = re.compile(r"\+?[(\d][\d ().\-/\u00a0]*\d")
EXTENSION = re.compile(
    r"\s*(?:,|;)?\s*(?:ext(?:ension)?\.?|x)\s*(\d{1,6})\b", re.IGNORECASE
)
LETTER = re.compile(r"[^\W\d_]")
BETWEEN = re.compile(r"\s+|/")
REASONS = {
    phonenumbers.ValidationResult.TOO_SHORT: TOO_SHORT,
    phonenumbers.ValidationResult.IS_POSSIBLE_LOCAL_ONLY: TOO_SHORT,
    phonenumbers.ValidationResult.TOO_LONG: TOO_LONG,
}


@dataclass(frozen=True)
class Phone:
    """A number that can be called.

    Attributes:
        e164: as it is stored, such as `+27825550142`.
        groups: as it is read back, such as `082 555 0142`; with the country's code
            if it is foreign.
        extension: the digits of an extension, if one was given.
    """

    e164: str
    groups: str
    extension: str = ""


@dataclass(frozen=True)
class PhoneAnswer:
    """How an answer to "on which number" was read.

    Attributes:
        phones: the numbers in it that can be called; ask which if there are several.
        problem: what is wrong if there are none: `none`, `too_short`, `too_long`,
            `not_possible`, `emergency` or `own_number`.
    """

    phones: tuple[Phone, ...] = ()
    problem: str = ""


@dataclass(frozen=True)
class PhoneBook:
    """The clinic's country, and the numbers that are never a patient's."""

    country: str
    own: frozenset[str]
    emergency: frozenset[str]

    @classmethod
    def from_facts(cls, facts: Facts) -> "PhoneBook":
        """Reads country and numbers of `clinic.yml`.

        Raises:
            FactsError: nothing is known about telephone numbers of the country.
        """
        country = facts.get("country")
        if country not in phonenumbers.SUPPORTED_REGIONS:
            raise FactsError(
                f"{facts.file}: 'country' is '{country}', whose telephone numbers are "
                'not known. Write the two letters of one country, such as "ZA".'
            )
        own = (facts.get(path) for path in OWN)
        emergency = (facts.get(path) for path in EMERGENCIES)
        return cls(country, _forms(own, country), _forms(emergency, country))

    def read(self, text: str) -> PhoneAnswer:
        """Returns the numbers in an answer, or what is wrong with them."""
        phones: dict[Phone, None] = {}
        problems: list[str] = []
        for digits, extension in _candidates(text, self.country):
            phone, problem = self._phone(digits, extension)
            if phone:
                phones[phone] = None
            problems.append(problem)
        if phones:
            return PhoneAnswer(tuple(phones)[:MOST_NUMBERS])
        told = [problem for problem in problems if problem not in ("", NONE)]
        return PhoneAnswer(problem=told[0] if told else NONE)

    def as_stored(self, text: str) -> str:
        """Returns a text that is one number as numbers are stored, else unchanged."""
        if LETTER.search(text):
            return text
        numbers = self.read(text).phones
        return numbers[0].e164 if len(numbers) == 1 else text

    def _phone(self, digits: str, extension: str) -> tuple[Phone | None, str]:
        bare = re.sub(r"\D", "", digits)
        if bare in self.emergency or phonenumbers.is_emergency_number(
            bare, self.country
        ):
            return None, EMERGENCY
        if len(bare) < FEWEST_DIGITS:
            return None, NONE
        number, problem = self._parsed(digits)
        if number is None or problem:
            return None, problem
        e164 = phonenumbers.format_number(number, PhoneNumberFormat.E164)
        if e164 in self.own:
            return None, OWN_NUMBER
        if e164 in self.emergency:
            return None, EMERGENCY
        at_home = number.country_code == phonenumbers.country_code_for_region(
            self.country
        )
        style = (
            PhoneNumberFormat.NATIONAL if at_home else PhoneNumberFormat.INTERNATIONAL
        )
        return Phone(e164, phonenumbers.format_number(number, style), extension), ""

    def _parsed(self, digits: str) -> tuple[PhoneNumber | None, str]:
        number = _parse(digits, self.country)
        if number is not None and self._is_callable(number):
            return number, ""
        # Many leave out the plus before the code of their country. An identity number
        # of 13 digits must not turn into a number abroad.
        count = len(re.sub(r"\D", "", digits))
        is_plain = digits.startswith(("+", "0")) or count > MOST_WITHOUT_PLUS
        foreign = None if is_plain else _parse(f"+{digits}", None)
        if foreign is not None and self._is_callable(foreign):
            return foreign, ""
        if number is None:
            return None, TOO_LONG if count > MOST_DIGITS else NOT_POSSIBLE
        wrong_length = _wrong_length(number)
        if wrong_length:
            return None, wrong_length
        reason = phonenumbers.is_possible_number_with_reason(number)
        return None, REASONS.get(reason, NOT_POSSIBLE)

    def _is_callable(self, number: PhoneNumber) -> bool:
        kind = phonenumbers.number_type(number)
        return (
            phonenumbers.is_valid_number(number)
            and kind != phonenumbers.PhoneNumberType.PREMIUM_RATE
            and not _wrong_length(number)
        )


def _wrong_length(number: PhoneNumber) -> str:
    region = phonenumbers.region_code_for_country_code(number.country_code or 0)
    length = len(phonenumbers.national_significant_number(number))
    full = FULL_LENGTH.get(region, length)
    return TOO_SHORT if length < full else TOO_LONG if length > full else ""


def _forms(numbers: Iterable[str], country: str) -> frozenset[str]:
    """Returns numbers as they are dialled and as they are stored."""
    forms = set()
    for text in filter(None, numbers):
        forms.add(re.sub(r"\D", "", text))
        number = _parse(text, country)
        if number is not None:
            forms.add(phonenumbers.format_number(number, PhoneNumberFormat.E164))
    return frozenset(forms)


def _candidates(text: str, country: str) -> Iterable[tuple[str, str]]:
    """Returns what looks like a number in a text, with its extension."""
    plain = unicodedata.normalize("NFKC", text[:LONGEST_TEXT])
    plain = "".join(
        c for c in plain if unicodedata.category(c) not in ("Cf", "Cc", "Mn")
    )
    plain = re.sub(r"[‐-―−]", "-", plain)
    plain = LETTER_O.sub(lambda match: re.sub("[oO]", "0", match[0]), plain)
    for match in NUMBER.finditer(plain):
        extension = EXTENSION.match(plain, match.end())
        pieces = _split(match[0], country)
        for piece in pieces[:-1]:
            yield piece, ""
        yield pieces[-1], extension[1] if extension else ""


def _split(digits: str, country: str) -> list[str]:
    """Splits two numbers that only a space or a stroke keeps apart."""
    whole = _parse(digits, country)
    if whole is not None and phonenumbers.is_valid_number(whole):
        return [digits]
    for gap in BETWEEN.finditer(digits):
        pieces = [digits[: gap.start()], digits[gap.end() :]]
        numbers = [_parse(piece, country) for piece in pieces]
        if all(
            number is not None
            and phonenumbers.is_valid_number(number)
            and not _wrong_length(number)
            for number in numbers
        ):
            return pieces
    return [digits]


def _parse(text: str, country: str | None) -> PhoneNumber | None:
    try:
        return phonenumbers.parse(text, country)
    except NumberParseException:
        return None
