import pytest

from documents.errors import TopicError
from documents.topics import Topic, read_topics

EXAMPLES = "".join(f"      - example {number}\n" for number in range(10))
NLU = f"nlu:\n  - intent: faq/heat\n    examples: |\n{EXAMPLES}"
ANSWER = "responses:\n  utter_faq/heat:\n    - custom:\n        section: back#heat\n"


def test_reads_each_topic_with_its_section(write, faq):
    topics = {"faq/heat": "back#heat", "faq/rest": "back#rest"}
    file = write("back.yml", faq(topics))

    assert read_topics(file) == [
        Topic("faq/heat", "back#heat", f"{file}:28"),
        Topic("faq/rest", "back#rest", f"{file}:31"),
    ]


@pytest.mark.parametrize(
    "text", ['version: "3.1"\n', "nlu: []\nresponses: {}\n", "nlu:\nresponses:\n"]
)
def test_file_without_topics_holds_none(write, text):
    assert read_topics(write("back.yml", text)) == []


@pytest.mark.parametrize(
    "answer",
    [
        "- custom:\n        section: 7\n",
        "- custom: {}\n",
        "- text: Warm it.\n",
        "[]\n",
        "back#heat\n",
    ],
)
def test_answer_without_section_shows_what_to_write(write, answer):
    file = write("back.yml", f"{NLU}responses:\n  utter_faq/heat:\n    {answer}")

    with pytest.raises(TopicError) as caught:
        read_topics(file)

    assert str(caught.value) == (
        f"{file}:15: 'utter_faq/heat' names no section. Write below it:\n"
        "    - custom:\n        section: article#section"
    )


@pytest.mark.parametrize(
    ("nlu", "line", "count"),
    [
        (NLU.replace("      - example 9\n", ""), 14, 9),
        (NLU.replace("- example", "example"), 15, 0),
        ("", 2, 0),
    ],
    ids=["nine", "no dashes", "none"],
)
def test_topic_with_too_few_examples_says_how_many(write, nlu, line, count):
    file = write("back.yml", f"{nlu}{ANSWER}")

    with pytest.raises(TopicError) as caught:
        read_topics(file)

    assert str(caught.value) == (
        f"{file}:{line}: topic 'faq/heat' has {count} examples, it needs 10. Add "
        "questions as patients ask them under `nlu:`."
    )


def test_examples_without_answer_name_the_response_to_write(write):
    file = write("back.yml", NLU)

    with pytest.raises(TopicError) as caught:
        read_topics(file)

    assert str(caught.value) == (
        f"{file}:2: 'faq/heat' has examples and no answer. Add `utter_faq/heat` with "
        "its section under `responses:`."
    )


@pytest.mark.issue("'has examples and no answer' names no line")
def test_examples_without_answer_name_the_line(write):
    file = write("back.yml", f"version: '3.1'\n{NLU}")

    with pytest.raises(TopicError) as caught:
        read_topics(file)

    assert str(caught.value).startswith(f"{file}:3: ")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "is empty. Delete it, or write `nlu:` in it."),
        ("- faq/heat\n", "is empty. Delete it, or write `nlu:` in it."),
        (
            "nlu: [",
            "not valid YAML: while parsing a flow node expected the node content, but "
            "found '<stream end>' in \"{file}\", line 1, column 7. Correct it.",
        ),
    ],
)
def test_file_that_is_no_mapping_names_the_file(write, text, message):
    file = write("back.yml", text)

    with pytest.raises(TopicError) as caught:
        read_topics(file)

    assert str(caught.value) == f"{file}: {message.format(file=file)}"


@pytest.mark.parametrize("text", ["responses: [utter_faq/heat]\n", "responses: x\n"])
@pytest.mark.issue("a list under `responses:` ends in AttributeError")
def test_responses_of_wrong_shape_name_the_line(write, text):
    file = write("back.yml", f"version: '3.1'\n{text}")

    with pytest.raises(TopicError) as caught:
        read_topics(file)

    assert str(caught.value) == (
        f"{file}:2: `responses:` must hold lines such as `utter_faq/heat:`, each with "
        "its section."
    )


@pytest.mark.parametrize(
    "text", ["nlu: 5\n", "nlu: [5]\n", "responses:\n  7:\n    - custom: {}\n"]
)
@pytest.mark.issue("a number under `nlu:` or `responses:` ends in TypeError")
def test_number_in_place_of_a_topic_names_the_file(write, text):
    file = write("back.yml", text)

    with pytest.raises(TopicError) as caught:
        read_topics(file)

    assert str(caught.value).startswith(str(file))


def test_reads_topics_with_byte_order_mark(write):
    file = write("back.yml", b"\xef\xbb\xbf" + f"{NLU}{ANSWER}".encode())

    assert read_topics(file) == [Topic("faq/heat", "back#heat", f"{file}:15")]
