import pytest

from addons.safety.triage import Flag, Triage
from tests.addons.helpers import judge_of, rule, rules


def level(text: str, *patterns: str, **options: str) -> str:
    return rules(*patterns, **options).judge(text).level


def test_a_flag_says_which_rule_where_and_how():
    triage = rules("chest ... pain").judge("Help, my chest is in pain now")

    flag = Flag("CHEST", "emergency", "present", 9, 25, "chest is in pain", "rule",
                "heart")  # fmt: skip
    assert triage == Triage("emergency", (flag,))
    assert triage.raised == (flag,)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("chest pain", True),
        ("chest is in such bad pain", True),
        ("chest, pain", True),
        ("chest-pain", True),
        ("chest a b c d e pain", False),
        ("chest. pain", False),
        ("chest? no pain", False),
        ("pain chest", False),
        ("chest", False),
        ("", False),
    ],
)
def test_a_gap_stands_for_up_to_four_words_of_one_sentence(text, found):
    assert level(text, "chest ... pain") == ("emergency" if found else "none")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("my chest feels tight", True),
        ("my ribs feel tight", True),
        ("my upper body feels tight", True),
        ("my upper leg feels tight", False),
        ("my neck feels tight", False),
    ],
)
def test_words_between_slashes_are_alternatives(text, found):
    found_level = level(text, "chest/rib/upper_body feel tight")
    assert found_level == ("emergency" if found else "none")


@pytest.mark.parametrize(
    ("text", "pattern", "found"),
    [
        ("my legs hurt", "leg hurt", True),
        ("my leg was hurting", "leg ... hurt", True),
        ("he fell", "fall", True),
        ("it is falling", "fall", True),
        ("CHEST PAIN", "chest pain", True),
        ("Chest Pain", "chest pain", True),
        ("the chestnut pain", "chest pain", False),
        ("legend", "leg", False),
    ],
)
def test_words_match_in_every_form(text, pattern, found):
    assert level(text, pattern) == ("emergency" if found else "none")


@pytest.mark.issue("spaCy looks lemmas up in the letters' own case")
@pytest.mark.parametrize("text", ["NUMB LEGS", "numb Legs", "I FELL and numb LEGS"])
def test_words_in_capitals_match_in_every_form(text):
    assert level(text, "numb leg") == "emergency"


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("I have chest pain", "present"),
        ("no chest pain", "negated"),
        ("I don't have chest pain", "negated"),
        ("I don’t have chest pain", "negated"),
        ("I have never had chest pain", "negated"),
        ("NO CHEST PAIN", "negated"),
        ("without any chest pain", "negated"),
        ("I have not got chest pain", "negated"),
        ("I dont have chest pain", "negated"),
        ("I deny chest pain", "negated"),
        ("neither chest pain nor fever", "negated"),
        ("there is no chest pain", "negated"),
        ("nope, no chest pain", "negated"),
        ("no numbness, no chest pain", "negated"),
        ("no numbness or chest pain", "negated"),
        ("no pain in my legs or in my chest or chest pain", "negated"),
        ("no fever but chest pain", "present"),
        ("no fever\nchest pain", "present"),
        ("no... chest pain", "present"),
        ("no fever. chest pain", "present"),
        ("no fever; chest pain", "present"),
        ("do you know? chest pain", "present"),
        ("it is not only chest pain", "present"),
        ("not since the day of my long fall, chest pain", "present"),
    ],
)
def test_a_denial_counts_if_little_stands_between_it_and_the_sign(text, status):
    (flag,) = rules("chest pain").judge(text).flags
    assert flag.status == status


@pytest.mark.issue("a denial that is about something else cancels the flag")
@pytest.mark.parametrize(
    "text",
    [
        "No, I have chest pain",
        "No, chest pain",
        "No. Chest pain",
        "No I have chest pain",
        "no doubt about it, chest pain",
        "without warning chest pain",
        "not sure if it is chest pain",
        "never had chest pain like this",
        "never had chest pain before",
        "never chest pain until now",
        "I can't sleep, chest pain",
        "I cannot move and have chest pain",
        "I couldn't feel chest pain",
        "it won't stop, chest pain",
        "no chest pain yesterday, chest pain now",
        "not good, chest pain",
        "I am not well chest pain",
        "no idea why I have chest pain",
        "I have never had chest pain like this",
    ],
)
def test_a_denial_of_something_else_does_not_cancel(text):
    (flag,) = rules("chest pain").judge(text).flags
    assert flag.status == "present"


def test_a_denied_flag_still_shows_the_card():
    triage = rules("chest pain").judge("no chest pain")
    assert (triage.level, triage.raised) == ("card", ())


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("I can't feel my leg", "urgent"),
        ("I cannot feel my leg", "urgent"),
        ("I can feel my leg", "none"),
    ],
)
def test_a_denial_inside_a_pattern_is_the_symptom(text, found):
    assert level(text, "can't/cannot feel ... leg", level="urgent") == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("I am numb in my bum", "emergency"),
        ("numb with boredom in my bum", "none"),
        ("numb in my bum, numb with boredom", "none"),
        ("numb in my bum. numb with boredom", "emergency"),
        ("numb with boredom. numb in my bum", "emergency"),
        ("numb with boredom in my bum. numb in my bum", "emergency"),
        ("NUMB with BOREDOM in my bum", "none"),
    ],
)
def test_unless_silences_a_rule(text, found):
    assert level(text, "numb ... bum", unless=["numb ... boredom"]) == found


def test_unless_silences_its_own_rule_only():
    both = judge_of(
        rule("numb", id="A", unless=["bored"]), rule("numb", id="B", level="soon")
    )
    assert [flag.id for flag in both.judge("bored and numb").flags] == ["B"]


def test_the_gravest_flag_gives_the_level_and_comes_first():
    several = judge_of(
        rule("fever", id="FEVER", level="soon"),
        rule("chest pain", id="CHEST", level="emergency"),
        rule("cough", id="COUGH", level="check"),
    )

    triage = several.judge("cough and fever and chest pain")

    assert triage.level == "emergency"
    assert [flag.id for flag in triage.raised] == ["CHEST", "FEVER", "COUGH"]


def test_a_denied_flag_does_not_lower_another():
    two = judge_of(
        rule("fever", id="FEVER", level="soon"), rule("chest pain", level="emergency")
    )
    triage = two.judge("no chest pain but fever")
    assert (triage.level, [f.id for f in triage.raised]) == ("soon", ["FEVER"])


def test_the_longest_match_of_a_rule_is_reported():
    (flag,) = rules("pain", "pain ... leg").judge("pain down my leg").flags
    assert flag.text == "pain down my leg"


@pytest.mark.parametrize(
    ("text", "matched"),
    [
        ("I can’t feel my leg", "can’t feel my leg"),
        ("“I can’t feel my leg”", "can’t feel my leg"),
        ("😀😀 can't feel  my leg", "can't feel  my leg"),
        ("Ｉ can't feel my leg", "can't feel my leg"),
    ],
)
def test_the_place_of_a_flag_is_true_to_the_original(text, matched):
    (flag,) = rules("can't feel ... leg").judge(text).flags

    assert flag.text == matched
    assert text[flag.start : flag.end] == matched


@pytest.mark.issue("a message that tidy makes longer or shorter is not tidied at all")
@pytest.mark.parametrize(
    "text",
    [
        "I can’t feel my leg…",
        "heeelp I can’t feel my leg",
        "½ an hour I can’t feel my leg",
        "I can´t feel my leg",
    ],
)
def test_curly_quotes_are_read_beside_any_other_character(text):
    assert level(text, "can't feel my leg") == "emergency"


@pytest.mark.issue("spaCy knows contractions in small letters only")
@pytest.mark.parametrize("text", ["I CAN'T FEEL MY LEG", "I CAN’T FEEL MY LEG"])
def test_contractions_in_capitals_are_read(text):
    assert level(text, "can't feel my leg") == "emergency"


@pytest.mark.issue("half an emoji makes spaCy raise UnicodeEncodeError")
def test_half_an_emoji_hides_nothing():
    assert level("chest pain \ud83d", "chest pain") == "emergency"


@pytest.mark.issue("spaCy warns on each message about a matcher without patterns")
def test_rules_without_any_unless_judge_without_a_warning():
    assert level("chest pain", "chest pain", unless=()) == "emergency"


SADDLE = ("numb/numbness ... between ... leg", "groin be ... numb")


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("without warning numb between my legs", "present"),
        ("not sure if my groin is numb", "present"),
        ("no doubt about it, my groin is numb", "present"),
        ("I can't sleep, my groin is numb", "present"),
        ("no idea why my groin is numb", "present"),
        ("I don't have any numbness between my legs", "negated"),
        ("no tingling or numbness between my legs", "negated"),
    ],
)
def test_a_denial_of_the_saddle_sign_must_be_plain(text, status):
    (flag,) = rules(*SADDLE).judge(text).flags
    assert flag.status == status


@pytest.mark.issue("a denial of one sign reaches over its comma to the next one")
@pytest.mark.parametrize(
    "text",
    [
        "no pain, my groin is numb",
        "no pain numb between my legs",
        "no fever, my groin is numb",
        "No chest pain, my groin is numb",
        "no other problems, my groin is numb",
        "no back pain and numb between my legs",
        "no more pain in my leg, my groin is numb",
        "never had problems, numb between my legs",
        "Not a problem with my back, my groin is numb",
        "I have never had any back trouble, my groin is numb",
    ],
)
def test_a_denial_ends_with_what_it_denies(text):
    (flag,) = rules(*SADDLE).judge(text).flags
    assert flag.status == "present"


@pytest.mark.issue("what is unchanged or not felt elsewhere counts as a denial")
@pytest.mark.parametrize(
    "text",
    ["no change in my chest pain", "I have no feeling in my legs and chest pain"],
)
def test_an_unchanged_sign_and_a_lost_feeling_deny_nothing(text):
    (flag,) = rules("chest pain").judge(text).flags
    assert flag.status == "present"


def test_an_undenied_match_wins_over_a_longer_denied_one():
    (flag,) = rules("pain", "chest ... pain").judge("pain, no chest and pain").flags
    assert (flag.status, flag.start) == ("present", 0)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("i took pills", True),
        ("I TOOK pills", True),
        ("i take pills", False),
        ("i was taking pills", False),
        ("swallowed pills", True),
        ("swallow pill", True),
    ],
)
def test_joined_words_match_as_they_stand_and_single_words_in_every_form(text, found):
    expected = "emergency" if found else "none"
    assert level(text, "i_took/swallow pill") == expected


@pytest.mark.parametrize(
    ("text", "found"),
    [("cold foot", "A"), ("icy foot", "A"), ("passed out", "B"), ("black out", "B")],
)
def test_a_pattern_is_found_by_each_word_it_may_begin_with(text, found):
    several = judge_of(
        rule("cold/icy ... foot", id="A"),
        rule("passed_out/black_out", id="B"),
        rule("foot", id="C", unless=["cold/icy ... foot"]),
    )
    assert [flag.id for flag in several.judge(text).flags] == [found]


@pytest.mark.parametrize(
    "text", ["can't peeee", "cannnt pee", "caaan't peeee", "CAN'T PEEEE", "cant peeeee"]
)
def test_stretched_letters_are_judged_in_other_spellings_too(text):
    message = f"help {text} now"

    triage = rules("n't/nt/not pee").judge(message)

    (flag,) = triage.raised
    assert triage.level == "emergency"
    assert (flag.start, flag.end, flag.text) == (5, 5 + len(text), text)


def test_another_spelling_does_not_repeat_a_flag_that_is_raised():
    (flag,) = rules("chest pain").judge("chest pain, heeeelp").flags
    assert flag.text == "chest pain"


@pytest.mark.parametrize(
    ("text", "matched"),
    [
        ("I can't feel my leg", "can't feel my leg"),
        ("I cant feel my leg", "cant feel my leg"),
        ("I don’t feel my leg", "don’t feel my leg"),
        ("ok\nCAN'T feel my leg", "CAN'T feel my leg"),
        ("I cannot feel my leg", "cannot feel my leg"),
    ],
)
def test_the_text_of_a_flag_begins_with_a_whole_word(text, matched):
    (flag,) = rules("n't/nt/not feel ... leg").judge(text).flags

    assert flag.text == matched
    assert text[flag.start : flag.end] == matched


@pytest.mark.issue(
    "a space that follows another is a token and breaks the row of words"
)
@pytest.mark.parametrize(
    "text",
    [
        "chest  pain",
        "chest 😀 pain",
        "chest😀 pain",
        "chest \u200bpain",
        "chest ❤️ pain",
        "chest❤️pain",
        "so bad.chest pain",
    ],
)
def test_spaces_emoji_and_marks_do_not_part_words(text):
    assert level(text, "chest pain") == "emergency"
