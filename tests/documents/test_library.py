import pytest

from documents.articles import Section
from documents.errors import ArticleError, TopicError, UnknownSectionError
from documents.library import Library
from documents.topics import Topic


def test_reads_a_folder(clinic_folder):
    library = Library.from_folder(clinic_folder)

    assert [section.address for section in library.sections] == [
        "back#heat",
        "back#rest",
        "back#moving",
        "back#cost",
    ]
    assert library.topics == [
        Topic("faq/heat", "back#heat", f"{clinic_folder / 'faq/back.yml'}:16")
    ]
    assert library.facts.get("name") == "Oak Street Physio"


def test_articles_and_topics_come_in_the_order_of_their_files(clinic_folder, faq):
    neck = "---\ntitle: Arm\n---\n## A {#a}\n\nText.\n"
    (clinic_folder / "articles/arm.md").write_text(neck)
    (clinic_folder / "faq/arm.yml").write_text(faq({"faq/arm": "arm#a"}))

    library = Library.from_folder(clinic_folder)

    assert [section.article for section in library.sections] == ["Arm", *["Back"] * 4]
    assert [topic.name for topic in library.topics] == ["faq/arm", "faq/heat"]


def test_folder_without_article_points_at_the_guide(clinic_folder):
    (clinic_folder / "articles/back.md").unlink()

    with pytest.raises(ArticleError) as caught:
        Library.from_folder(clinic_folder)

    assert str(caught.value) == (
        f"{clinic_folder / 'articles'}: holds no article. Put at least one `.md` file "
        "there; see docs/add-a-clinic.md."
    )


def test_topic_with_unknown_section_names_the_known_ones(clinic_folder, faq):
    file = clinic_folder / "faq/back.yml"
    file.write_text(faq({"faq/heat": "back#ice"}))

    with pytest.raises(UnknownSectionError) as caught:
        Library.from_folder(clinic_folder)

    assert str(caught.value) == (
        f"{file}:16: no section 'back#ice'. Known sections: back#cost, back#heat, "
        "back#moving, back#rest. Add a heading with that id to the article, or correct "
        "the address."
    )


@pytest.mark.parametrize(
    ("target", "address"), [("#ice", "arm#ice"), ("back#ice", "back#ice")]
)
def test_related_section_that_is_unknown_names_the_heading(
    clinic_folder, target, address
):
    file = clinic_folder / "articles/arm.md"
    file.write_text(
        f"---\ntitle: Arm\n---\n## A {{#a}}\n\nText.\n\nSee also: [ice]({target})\n"
    )

    with pytest.raises(UnknownSectionError) as caught:
        Library.from_folder(clinic_folder)

    near = {
        "arm#ice": "arm#a",
        "back#ice": "back#cost, back#heat, back#moving, back#rest",
    }
    assert str(caught.value) == (
        f"{file}:4: no section '{address}'. Known sections: {near[address]}. Add a "
        "heading with that id to the article, or correct the address."
    )


@pytest.mark.issue("a topic in two faq files: the last silently wins")
def test_topic_in_two_files_is_an_error(clinic_folder, faq):
    (clinic_folder / "faq/other.yml").write_text(faq({"faq/heat": "back#rest"}))

    with pytest.raises(TopicError) as caught:
        Library.from_folder(clinic_folder)

    assert str(caught.value) == (
        f"{clinic_folder / 'faq/other.yml'}:16: topic 'faq/heat' is already answered "
        f"at {clinic_folder / 'faq/back.yml'}:16. Rename one of them."
    )


def test_topic_that_stands_twice_with_one_section_is_an_error_too(library):
    topics = [Topic("faq/heat", "back#heat", f"back.yml:{line}") for line in (1, 7)]

    with pytest.raises(TopicError) as caught:
        Library(library.sections, topics)

    assert str(caught.value) == (
        "back.yml:7: topic 'faq/heat' is already answered at back.yml:1. Rename one of "
        "them."
    )


def test_gets_a_section_by_address(library):
    assert library.section("back#rest").answer == "Rest as you need to."


def test_asking_for_an_unknown_section_is_an_error(library):
    with pytest.raises(UnknownSectionError) as caught:
        library.section("knee#rest")

    assert str(caught.value) == (
        "request: no section 'knee#rest'. Known sections: back#cost, back#heat, "
        "back#moving, back#rest, desk#hours. Add a heading with that id to the "
        "article, or correct the address."
    )


@pytest.mark.parametrize(
    ("address", "known"),
    [("back#rest", True), ("back#ice", False), ("back", False), ("", False)],
)
def test_says_whether_a_section_exists(library, address, known):
    assert library.has(address) is known


@pytest.mark.parametrize(
    ("topic", "address"), [("faq/warm_bath", "back#heat"), ("faq/ice", None)]
)
def test_finds_the_section_of_a_topic(library, topic, address):
    assert library.section_of_topic(topic) == address


@pytest.mark.parametrize(
    ("address", "article", "expected"),
    [
        ("back#heat", "neck", "neck#warmth"),
        ("back#heat", "back", "back#heat"),
        ("back#rest", "neck", "back#rest"),
        ("back#heat", "", "back#heat"),
    ],
)
def test_counterpart_stands_in_only_in_its_own_article(address, article, expected):
    sections = [
        Section(a, "Title", "Title", "Text.", (), (), "x.md:1")
        for a in ("back#heat", "back#rest", "neck#warmth")
    ]
    topic = Topic("faq/neck_warmth", "neck#warmth", "x.yml:1", ("back#heat",))

    assert Library(sections, [topic]).counterpart(address, article) == expected
