import pytest

from documents.errors import FactsError
from documents.facts import Facts

FACTS = {
    "name": "Oak",
    "country": "ZA",
    "time_zone": "Africa/Johannesburg",
    "email": "desk@oak.example",
    "phone": '{reception: "012"}',
    "hours": "{summary: weekdays}",
    "emergency": '{countries: {ZA: {ambulance: "112"}}}',
}
RESPONSES = {
    "clinic_name": "Oak",
    "clinic_phone": "012",
    "clinic_email": "desk@oak.example",
    "clinic_hours": "weekdays",
    "emergency_number": "112",
    "emergency_alternative": "112",
    "poison_line": "112",
    "crisis_line": "112",
}


@pytest.fixture
def clinic_yml(write):
    """Returns a function that writes clinic.yml with some facts changed."""

    def build(**changed: str):
        lines = (f"{key}: {value}\n" for key, value in {**FACTS, **changed}.items())
        return write("clinic.yml", "".join(lines))

    return build


def countries(**row: str) -> str:
    """Returns the emergency numbers of South Africa as YAML."""
    numbers = ", ".join(f"{key}: {value}" for key, value in row.items())
    return f"{{countries: {{ZA: {{{numbers}}}}}}}"


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("name", "Oak"),
        ("phone.reception", "012"),
        ("languages", "English, isiZulu"),
        ("emergency.ambulance", "112"),
        ("phone", ""),
        ("phone.fax", ""),
    ],
)
def test_gets_a_fact_by_path(clinic_yml, path, value):
    facts = Facts.from_file(clinic_yml(languages="[English, isiZulu]"))

    assert facts.get(path) == value


@pytest.mark.parametrize(
    "text", ["007", "0800567567", "yes", "No", "1.50", "2026-01-02", "08:30", "1_000"]
)
@pytest.mark.issue("a number without quotes loses its zeros")
def test_fact_without_quotes_stays_as_it_is_written(clinic_yml, text):
    facts = Facts.from_file(clinic_yml(motto=text, mottoes=f"\n  - {text}\n  - b"))

    assert facts.get("motto") == text
    assert facts.get("mottoes") == f"{text}, b"


def test_reads_facts_with_byte_order_mark(clinic_yml, write):
    file = write("clinic.yml", b"\xef\xbb\xbf" + clinic_yml().read_bytes())

    assert Facts.from_file(file).get("name") == "Oak"


@pytest.mark.parametrize(
    ("text", "filled"),
    [
        ("", ""),
        ("no fact", "no fact"),
        ("{{name}}", "Oak"),
        ("{{ name }}: {{phone.reception}}", "Oak: 012"),
        ("{name}", "{name}"),
        ("{{two words}}", "{{two words}}"),
    ],
)
def test_fills_facts_into_a_text(text, filled):
    facts = Facts({"name": "Oak", "phone.reception": "012"})

    assert facts.fill(text, where="back.md:1") == filled


def test_unknown_fact_names_the_place_and_the_file(clinic_yml):
    file = clinic_yml()

    with pytest.raises(FactsError) as caught:
        Facts.from_file(file).fill("{{phone.fax}}", where="back.md:3")

    assert str(caught.value) == (
        f"back.md:3: '{{{{phone.fax}}}}' is not in {file}. Add it there, or correct "
        "the name between the braces."
    )


@pytest.mark.parametrize(
    ("numbers", "responses"),
    [
        ({"ambulance": '"112"'}, {}),
        (
            {
                "ambulance": '"112"',
                "ambulance_alternative": '"10177"',
                "poison_line": '"0861"',
                "crisis_line": '"0800"',
            },
            {
                "emergency_alternative": "10177",
                "poison_line": "0861",
                "crisis_line": "0800",
            },
        ),
        ({"ambulance": '"112"', "poison_line": '""', "crisis_line": '""'}, {}),
        pytest.param(
            {"ambulance": '"112"', "crisis_line": ""},
            {},
            marks=pytest.mark.issue("an emergency number left blank reads 'None'"),
        ),
        pytest.param(
            {"ambulance": "000", "crisis_line": "0800567567"},
            {
                "emergency_number": "000",
                "emergency_alternative": "000",
                "poison_line": "000",
                "crisis_line": "0800567567",
            },
            marks=pytest.mark.issue("a number without quotes loses its zeros"),
        ),
    ],
)
def test_lines_that_the_country_lacks_fall_back_to_the_ambulance(
    clinic_yml, numbers, responses
):
    facts = Facts.from_file(clinic_yml(emergency=countries(**numbers)))

    assert facts.for_responses() == {**RESPONSES, **responses}


@pytest.mark.parametrize(
    ("changed", "path"),
    [
        ({"name": '""'}, "name"),
        ({"time_zone": ""}, "time_zone"),
        ({"email": ""}, "email"),
        ({"phone": "{whatsapp: '012'}"}, "phone.reception"),
        ({"hours": "{monday: closed}"}, "hours.summary"),
        ({"emergency": countries(poison_line='"0861"')}, "emergency.ambulance"),
        pytest.param(
            {"email": '""'},
            "email",
            marks=pytest.mark.issue("responses name the e-mail, but it may be empty"),
        ),
    ],
)
def test_missing_required_fact_stops_the_start(clinic_yml, changed, path):
    file = clinic_yml(**changed)

    with pytest.raises(FactsError) as caught:
        Facts.from_file(file)

    assert str(caught.value) == (
        f"{file}: '{path}' is missing or empty. The assistant cannot start without it. "
        "Fill it in."
    )


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"country": "FR"}, "country 'FR' has no row under emergency.countries"),
        ({"country": '""'}, "country '' has no row under emergency.countries"),
    ],
)
def test_country_without_numbers_names_the_known_ones(clinic_yml, changed, message):
    file = clinic_yml(**changed)

    with pytest.raises(FactsError) as caught:
        Facts.from_file(file)

    assert str(caught.value) == (
        f"{file}: {message} (known: ZA). Add one: patients in danger are given these "
        "numbers."
    )


@pytest.mark.parametrize(
    ("emergency", "known"),
    [
        ("", "none"),
        ('"112"', "none"),
        ("[ZA]", "none"),
        ("{countries: }", "none"),
        ("{countries: [ZA]}", "none"),
        ("{countries: {}}", "none"),
        ('{countries: {ZA: "112"}}', "ZA"),
        ("{countries: {ZA: }}", "ZA"),
        ("{countries: {NA: {ambulance: 1}, BW: {ambulance: 2}}}", "NA, BW"),
    ],
)
@pytest.mark.issue("a wrong shape under `emergency:` ends in AttributeError")
def test_wrong_shape_of_emergency_numbers_names_the_file(clinic_yml, emergency, known):
    file = clinic_yml(emergency=emergency)

    with pytest.raises(FactsError) as caught:
        Facts.from_file(file)

    assert str(caught.value) == (
        f"{file}: country 'ZA' has no row under emergency.countries (known: {known}). "
        "Add one: patients in danger are given these numbers."
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "holds no facts. Write lines such as `name: ...`."),
        ("- Oak\n", "holds no facts. Write lines such as `name: ...`."),
        (
            "phone:\n\treception: 1\n",
            "not valid YAML: while scanning for the next token found character that "
            'cannot start any token in "{file}", line 2, column 1. Correct it.',
        ),
    ],
)
def test_file_that_holds_no_facts_says_what_to_do(write, text, message):
    file = write("clinic.yml", text)

    with pytest.raises(FactsError) as caught:
        Facts.from_file(file)

    assert str(caught.value) == f"{file}: {message.format(file=file)}"


def test_missing_file_says_to_put_it_back(tmp_path):
    file = tmp_path / "clinic.yml"

    with pytest.raises(FactsError) as caught:
        Facts.from_file(file)

    assert str(caught.value) == (
        f"{file}: cannot be read (No such file or directory). The clinic's facts stand "
        "in this file; put it back."
    )
