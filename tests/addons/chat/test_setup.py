import pytest

from addons.chat.errors import ChatSettingsError
from addons.chat.setup import read_setup

GOOD = 'website:\n  greeting: "Hello."\n  questions: ["Should I rest?"]\n'


@pytest.fixture
def folder(clinic_folder, write):
    def build(text: str):
        write("clinic/website.yml", text)
        return clinic_folder

    return build


def test_the_browser_gets_facts_and_first_words_and_nothing_else(folder):
    assert read_setup(folder(GOOD)) == {
        "name": "Oak Street Physio",
        "phone": "012 555 0142",
        "hours": "weekdays",
        "emergency": "112",
        "kept": "",
        "days": "",
        "booking_days": "",
        "greeting": "Hello.",
        "questions": ["Should I rest?"],
    }


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("website: {", "not valid YAML"),
        ("[]", "write `website:`"),
        ("website:\n  greeting: Hi\n", "write `website:`"),
        (GOOD + "  colour: red\n", "write `website:`"),
        (GOOD.replace('"Hello."', "5"), "must be a text"),
        (GOOD.replace('["Should I rest?"]', '"Should I rest?"'), "a list"),
        (GOOD.replace('["Should I rest?"]', '[""]'), "a list"),
        (GOOD.replace('["Should I rest?"]', "[a, b, c, d, e, f, g]"), "at most 6"),
    ],
)
def test_a_mistake_stops_the_start_and_names_the_file(folder, text, message):
    with pytest.raises(ChatSettingsError, match=message) as raised:
        read_setup(folder(text))
    assert "website.yml" in str(raised.value)


def test_a_missing_file_stops_the_start(clinic_folder):
    with pytest.raises(ChatSettingsError, match="put it back"):
        read_setup(clinic_folder)


def test_the_shipped_words_can_be_used(root):
    setup = read_setup(root / "data/clinic")
    assert setup["greeting"]
    assert all(setup.values())
