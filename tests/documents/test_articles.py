import pytest

from documents.articles import LONGEST_PIECE, Section, read_article
from documents.errors import ArticleError, FactsError
from documents.facts import Facts

FACTS = Facts({"phone.reception": "012 555 0142"})
FRONT = "---\ntitle: Back\nshort: B\n---\n"


def section_of(write, body):
    """Returns the only section of an article with that body."""
    (section,) = read_article(write("back.md", f"{FRONT}## A {{#a}}\n{body}"), FACTS)
    return section


def test_reads_sections_in_order(write):
    file = write(
        "back.md",
        f"{FRONT}\n# Back {{#back}}\n\n## Heat {{#heat}}\n\nWarm\nit.\n\nMore.\n\n"
        "See also: [rest](#rest), [cost](fees#visit)\n\n## Rest {#rest}\n\nRest.\n",
    )

    sections = read_article(file, FACTS)

    assert sections == [
        Section(
            address="back#heat",
            article="Back",
            title="Heat",
            answer="Warm it.",
            detail=("More.",),
            related=("back#rest", "fees#visit"),
            where=f"{file}:8",
        ),
        Section(
            address="back#rest",
            article="Back",
            title="Rest",
            answer="Rest.",
            detail=(),
            related=(),
            where=f"{file}:17",
        ),
    ]


@pytest.mark.parametrize(
    ("body", "paragraphs"),
    [
        ("one\ntwo", ("one two",)),
        ("one\n\ntwo", ("one", "two")),
        ("one\n\n\n\ntwo\n\n", ("one", "two")),
        ("- one\n- two", ("- one\n- two",)),
        ("* one\n* two", ("- one\n- two",)),
        ("- one\nmore of one\n- two", ("- one more of one\n- two",)),
        ("list:\n- one", ("list:\n- one",)),
        ("list:\n\n- one", ("list:", "- one")),
        ("before\n### Small heading\nafter", ("before", "Small heading", "after")),
        ("one\nSee also: [b](#b)\ntwo", ("one", "two")),
        ("phone {{phone.reception}}", ("phone 012 555 0142",)),
        ("phone {{ phone.reception }}", ("phone 012 555 0142",)),
        ("pain {not a fact}", ("pain {not a fact}",)),
    ],
)
def test_paragraphs_of_a_section(write, body, paragraphs):
    section = section_of(write, body)

    assert section.paragraphs == paragraphs


@pytest.mark.parametrize(
    ("line", "related"),
    [
        ("See also: [b](#b)", ("back#b",)),
        ("See also: [b](#b), [c](neck#c)", ("back#b", "neck#c")),
        ("See also: nothing yet", ()),
        ("Text that says see also: [b](#b)", ()),
    ],
)
def test_see_also_names_related_sections(write, line, related):
    section = section_of(write, f"Answer.\n\n{line}\n")

    assert section.related == related


@pytest.mark.parametrize(
    ("article", "message"),
    [
        (
            "## A {#a}\n\nText.\n",
            ":1: has no title. Begin the file with the lines `---`, "
            "`title: Back muscle spasm` and `---`.",
        ),
        (
            "---\ntitle:\n---\n## A {#a}\n\nText.\n",
            ":1: has no title. Begin the file with the lines `---`, "
            "`title: Back muscle spasm` and `---`.",
        ),
        (
            f"{FRONT}\nText without a heading.\n",
            ": has no section. Write headings such as `## Title {#id}`.",
        ),
        (
            f"{FRONT}\n## Heat\n\nText.\n",
            ":6: heading 'Heat' has no id. Write `## Heat {#short-id}`, the id in "
            "small letters, digits and hyphens.",
        ),
        (
            f"{FRONT}\n# Back\n\n## Heat {{#heat}}\n\nText.\n",
            ":6: heading 'Back' has no id. Write `# Back {#short-id}`, the id in "
            "small letters, digits and hyphens.",
        ),
        (
            f"{FRONT}\n## Heat {{#Heat_1}}\n\nText.\n",
            ":6: heading 'Heat {#Heat_1}' has no id. Write `## Heat {#Heat_1} "
            "{#short-id}`, the id in small letters, digits and hyphens.",
        ),
        (
            f"{FRONT}## A {{#a}}\n\nSee also: [b](#b)\n\n## B {{#b}}\n\nText.\n",
            ":5: section 'A' is empty. Write its answer below the heading.",
        ),
        (
            f"{FRONT}## A {{#a}}\n\n{'word ' * 91}\n",
            ":5: the first paragraph of 'A' has 91 words; it is sent as the chat "
            "answer and may have 90. Move the rest into a second paragraph.",
        ),
    ],
)
def test_mistake_names_file_line_and_remedy(write, article, message):
    file = write("back.md", article)

    with pytest.raises(ArticleError) as caught:
        read_article(file, FACTS)

    assert str(caught.value) == f"{file}{message}"


def test_id_used_twice_names_both_places(write):
    file = write("back.md", f"{FRONT}## A {{#a}}\n\nText.\n\n## B {{#a}}\n\nText.\n")

    with pytest.raises(ArticleError) as caught:
        read_article(file, FACTS)

    assert str(caught.value) == (
        f"{file}:9: the id of 'B' is already used at {file}:5. Give it another id."
    )


def test_unknown_fact_names_the_heading(write):
    file = write("back.md", f"{FRONT}## A {{#a}}\n\nPhone {{{{phone.fax}}}}.\n")

    with pytest.raises(FactsError) as caught:
        read_article(file, FACTS)

    assert str(caught.value) == (
        f"{file}:5: '{{{{phone.fax}}}}' is not in clinic.yml. Add it there, or correct "
        "the name between the braces."
    )


def test_other_encoding_asks_for_utf8(write):
    file = write("back.md", f"{FRONT}## A {{#a}}\n\ncafé\n".encode("latin-1"))

    with pytest.raises(ArticleError) as caught:
        read_article(file, FACTS)

    assert str(caught.value) == (
        f"{file}: cannot be read ('utf-8' codec can't decode byte 0xe9 in position "
        f"{len(FRONT) + 14}: invalid continuation byte). Save it as UTF-8 text."
    )


def test_missing_file_is_an_article_error(tmp_path):
    file = tmp_path / "no.md"

    with pytest.raises(ArticleError) as caught:
        read_article(file, FACTS)

    assert str(caught.value) == (
        f"{file}: cannot be read ([Errno 2] No such file or directory: '{file}'). "
        "Save it as UTF-8 text."
    )


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"], ids=["plain", "with BOM"])
@pytest.mark.issue("an article saved as 'UTF-8 with BOM' is said to have no title")
def test_reads_utf8_with_and_without_byte_order_mark(write, mark):
    file = write("back.md", mark + f"{FRONT}## A {{#a}}\n\nText.\n".encode())

    (section,) = read_article(file, FACTS)

    assert section.paragraphs == ("Text.",)


@pytest.mark.parametrize(
    ("line", "advice"),
    [
        ("", True),
        ("advice: yes\n", True),
        ("advice:\n", True),
        ("advice: no\n", False),
        ("advice:   no  \n", False),
        ("advised: no\n", True),
    ],
)
def test_front_matter_says_whether_an_article_gives_advice(write, line, advice):
    front = f"---\ntitle: Back\n{line}---\n"
    file = write("back.md", f"{front}## A {{#a}}\n\nText.\n\n## B {{#b}}\n\nText.\n")

    assert [section.advice for section in read_article(file, FACTS)] == [advice] * 2


def test_advice_is_read_from_the_front_matter_only(write):
    section = section_of(write, "advice: no\n")

    assert (section.answer, section.advice) == ("advice: no", True)


def test_front_matter_needs_a_title_beside_advice(write):
    file = write("back.md", "---\nadvice: no\n---\n## A {#a}\n\nText.\n")

    with pytest.raises(ArticleError, match=":1: has no title"):
        read_article(file, FACTS)


@pytest.mark.parametrize("words", [1, 89, 90])
def test_answer_may_have_ninety_words(write, words):
    section = section_of(write, "word " * words)

    assert len(section.answer.split()) == words


def test_words_of_facts_count_in_the_answer(write):
    file = write("back.md", f"{FRONT}## A {{#a}}\n\n{'word ' * 89}{{{{long}}}}\n")

    with pytest.raises(ArticleError, match="has 91 words"):
        read_article(file, Facts({"long": "two words"}))


@pytest.mark.parametrize(
    ("body", "parts"),
    [
        ("a", ("a",)),
        ("a\n\nb\n\nc", ("a", "b\n\nc")),
        ("a\n\nb\n\n- c\n- d", ("a", "b\n\n- c\n- d")),
        (
            f"a\n\n{'b' * 300}\n\n{'c' * 118}",
            ("a", f"{'b' * 300}\n\n{'c' * 118}"),
        ),
        (f"a\n\n{'b' * 300}\n\n{'c' * 119}", ("a", "b" * 300, "c" * 119)),
        (
            f"a\n\n- {'b' * 298}\n- {'c' * 298}",
            ("a", f"- {'b' * 298}", f"- {'c' * 298}"),
        ),
        (f"a\n\n{'b' * 500}\n\nc", ("a", "b" * 500, "c")),
    ],
)
def test_detail_comes_in_pieces_for_a_phone(write, body, parts):
    assert LONGEST_PIECE == 420

    section = section_of(write, body)

    assert section.parts == parts
