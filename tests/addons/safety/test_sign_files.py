from pathlib import Path

import pytest

from addons.safety.read_rules import read_rules
from addons.safety.rules import Sign, Upgrade
from addons.understanding.errors import SafetyRuleError

WORDS = "words:\n  HEAT: >-\n    fever hot\n    burning_up\n  COLD: chills\n"
SIGNS = """\
signs:
  - sign: fever
    meaning: A fever of today
    patterns: [fever]
    unless: [hay fever]
  - sign: cancer
    meaning: A cancer, also of long ago
    patterns: [cancer]
    history: true
"""
FLAGS = """\
red_flags:
  - id: INFECTION
    level: urgent
    condition: Fever with pain in the back
    patterns: [blood poisoning]
    together: [fever/cancer + cancer + INFECTION]
    upgrades:
      - level: emergency
        together: [fever + cancer]
    source: NHS
"""
OTHER_FLAG = """\
red_flags:
  - id: CHEST
    level: soon
    condition: Chest
    patterns: [chest]
    source: NHS
"""
FEVER, CANCER, INFECTION = 2, 6, 2


@pytest.fixture
def folder(write, tmp_path: Path):
    """Writes a folder of three files, of which some may be other than usual."""

    def build(**files: str) -> Path:
        for name, text in {
            "words": WORDS,
            "signs": SIGNS,
            "zz": FLAGS,
            **files,
        }.items():
            write(f"rules/{name}.yml", text)
        return tmp_path / "rules"

    return build


def message_for(folder: Path) -> str:
    with pytest.raises(SafetyRuleError) as caught:
        read_rules(folder)
    return str(caught.value)


def test_reads_signs(folder):
    assert read_rules(folder()).signs == (
        Sign("fever", "A fever of today", ("fever",), ("hay fever",)),
        Sign("cancer", "A cancer, also of long ago", ("cancer",), (), True),
    )


def test_reads_combinations_and_upgrades(folder):
    (rule,) = read_rules(folder()).rules
    assert rule.together == ((("fever", "cancer"), ("cancer",), ("INFECTION",)),)
    assert rule.upgrades == (Upgrade("emergency", ((("fever",), ("cancer",)),)),)


def test_rules_of_several_files_stand_in_the_order_of_the_names(folder):
    book = read_rules(folder(aa=OTHER_FLAG))
    assert [rule.id for rule in book.rules] == ["CHEST", "INFECTION"]


def test_one_file_may_hold_all_parts(write, folder):
    assert read_rules(write("all.yml", WORDS + SIGNS + FLAGS)) == read_rules(folder())


def test_a_folder_without_files_stops_the_start(tmp_path):
    assert message_for(tmp_path) == f"{tmp_path}: holds no rules. Put its files back."


def test_a_folder_without_flags_stops_the_start(folder):
    rules = folder(zz="red_flags: []\n")
    assert message_for(rules) == f"{rules}: holds no rules under `red_flags:`."


def test_no_file_of_rules_is_left_out(folder, write):
    rules = folder()
    write("rules/more.yaml", OTHER_FLAG)
    assert len(read_rules(rules).rules) == 2


MISTAKES = [
    ("    meaning: A fever of today\n", "", FEVER, "'meaning' is missing. Add it."),
    ("patterns: [fever]", "patterns: []", FEVER, "'patterns' is missing. Add it."),
    ("unless: [hay", "level: soon\n    unless: [hay", FEVER, "unknown key 'level'."),
    ("[hay fever]", "[hay ...]", FEVER, "must begin and end with a word."),
    ("[hay fever]", "hay fever", FEVER, "`unless:` must be a list, one wording"),
    ("history: true", "history: yes", CANCER, "'history' must be true or false."),
    ("history: true", "history: 1", CANCER, "'history' must be true or false."),
    ("history: true", "history:", CANCER, "'history' must be true or false."),
    ("sign: cancer", "sign: fever", CANCER, "id 'fever' is used twice, first at "),
    ("- sign: fever", "- sign:", FEVER, "'sign' is missing. Add it."),
]


@pytest.mark.parametrize(("right", "wrong", "line", "message"), MISTAKES)
def test_a_mistake_in_a_sign_names_file_and_line(folder, right, wrong, line, message):
    assert right in SIGNS
    rules = folder(signs=SIGNS.replace(right, wrong, 1))

    found = message_for(rules)

    assert found.startswith(f"{rules / 'signs.yml'}:{line}: ")
    assert message in found


COMBINATIONS = [
    ("fever + feverr", "names 'feverr', which is neither a sign nor a red flag."),
    ("fever + cancer/Fever", "names 'Fever', which is neither a sign nor a red flag."),
    ("fever", "combination 'fever' must be names with `+` between them."),
    ("fever/cancer", "'fever/cancer' must be names with `+` between them."),
    ("fever +", "combination 'fever +' must be names with `+` between them."),
    ("+ fever", "combination '+ fever' must be names with `+` between them."),
    ("fever + /cancer", "'fever + /cancer' must be names with `+` between them."),
    ("fever + + cancer", "'fever + + cancer' must be names with `+` between them."),
]


@pytest.mark.parametrize(
    "place", ["fever/cancer + cancer + INFECTION", "fever + cancer"]
)
@pytest.mark.parametrize(("wrong", "message"), COMBINATIONS)
def test_a_wrong_combination_names_file_and_line(folder, place, wrong, message):
    rules = folder(zz=FLAGS.replace(f"[{place}]", f"['{wrong}']"))

    found = message_for(rules)

    assert found.startswith(f"{rules / 'zz.yml'}:{INFECTION}: ")
    assert message in found


TOGETHER = "        together: [fever + cancer]\n"
UPGRADES = [
    ("      - level: emergency\n" + TOGETHER, "      high\n", "must be a list."),
    ("- level: emergency\n" + TOGETHER, "- fever\n", "must begin with `- level:`."),
    ("level: emergency", "level: high", "level 'high' is unknown. Use one of "),
    ("- level: emergency\n        tog", "- tog", "'level' is missing. Add it."),
    (TOGETHER, "", "'together' is missing. Add it."),
    ("[fever + cancer]", "fever + cancer", "`together:` must be a list"),
    (TOGETHER, TOGETHER + "        patterns: [fever]\n", "unknown key 'patterns'."),
]


@pytest.mark.parametrize(("right", "wrong", "message"), UPGRADES)
def test_a_wrong_upgrade_names_file_and_line(folder, right, wrong, message):
    assert right in FLAGS
    rules = folder(zz=FLAGS.replace(right, wrong))

    found = message_for(rules)

    assert found.startswith(f"{rules / 'zz.yml'}:{INFECTION}: ")
    assert message in found


@pytest.mark.parametrize("name", ["INFECTION", "fever"])
def test_a_name_used_in_two_files_names_both_places(folder, name):
    rules = folder(aa=OTHER_FLAG.replace("CHEST", name))
    first, second = {
        "INFECTION": (f"{rules / 'aa.yml'} line 2", f"{rules / 'zz.yml'}:{INFECTION}"),
        "fever": (f"{rules / 'signs.yml'} line {FEVER}", f"{rules / 'aa.yml'}:2"),
    }[name]

    assert message_for(rules) == (
        f"{second}: id '{name}' is used twice, first at {first}. Rename one."
    )


@pytest.mark.parametrize(
    ("pattern", "filled"),
    [
        ("{HEAT}", "fever/hot/burning_up"),
        ("{HEAT} ... {COLD}", "fever/hot/burning_up ... chills"),
        ("warm/{HEAT} skin", "warm/fever/hot/burning_up skin"),
        ("heat", "heat"),
    ],
)
def test_fills_word_lists_of_another_file_into_all_patterns(folder, pattern, filled):
    entry = FLAGS.replace("[blood poisoning]", f"['{pattern}']").replace(
        "    source",
        f"    unless: ['{pattern}']\n    doubtful: ['{pattern}']\n    source",
    )
    book = read_rules(
        folder(zz=entry, signs=SIGNS.replace("[fever]", f"['{pattern}']"))
    )
    rule = book.rule("INFECTION")
    found = (rule.patterns, rule.unless, rule.doubtful, book.signs[0].patterns)
    assert found == ((filled,),) * 4


@pytest.mark.parametrize("words", ["words: fever\n", "words: [fever]\n"])
def test_word_lists_of_another_shape_name_the_file(folder, words):
    rules = folder(words=words)
    assert message_for(rules) == (
        f"{rules / 'words.yml'}: `words:` must hold named lists."
    )


@pytest.mark.issue("an empty word list becomes the word None, a list its Python form")
@pytest.mark.parametrize("row", ["", " ''", " [fever, hot]", " {fever: hot}", " 3"])
def test_a_word_list_that_is_no_text_names_the_line(folder, row):
    rules = folder(words=f"words:\n  COLD: chills\n  HEAT:{row}\n")
    assert message_for(rules).startswith(
        f"{rules / 'words.yml'}:3: word list 'HEAT' must be words with spaces"
    )


def test_a_word_list_in_two_files_names_the_second(folder):
    rules = folder(zz=f"words:\n  HEAT: warm\n{FLAGS}")
    assert (
        message_for(rules) == f"{rules / 'zz.yml'}:2: word list 'HEAT' is there twice."
    )


def test_a_word_list_twice_in_one_file_names_the_line(folder):
    rules = folder(words=f"{WORDS}  HEAT: warm\n")
    assert message_for(rules).startswith(f"{rules / 'words.yml'}: not valid YAML: ")
    assert "line 6" in message_for(rules)


@pytest.mark.issue("a brace that does not close is taken for a part of the word")
@pytest.mark.parametrize("pattern", ["{HEAT", "HEAT}", "{HE AT}", "{HEAT-2}"])
def test_a_broken_name_of_a_word_list_names_the_line(folder, pattern):
    rules = folder(zz=FLAGS.replace("[blood poisoning]", f"['{pattern}']"))
    found = message_for(rules)
    assert found.startswith(f"{rules / 'zz.yml'}:{INFECTION}: ")
    assert "has a brace that is not part of a word list" in found
