"""The clinic's content as a whole: facts, articles, sections and topics."""

from collections.abc import Iterable
from pathlib import Path

from documents.articles import Section, read_article
from documents.errors import ArticleError, TopicError, UnknownSectionError
from documents.facts import Facts
from documents.topics import Topic, read_topics

CLINIC_FOLDER = Path("data/clinic")


class Library:
    """Sections by address, and topics by name, checked against each other."""

    def __init__(
        self,
        sections: Iterable[Section],
        topics: Iterable[Topic] = (),
        facts: Facts | None = None,
    ) -> None:
        self.facts = facts or Facts({})
        self._sections = {section.address: section for section in sections}
        self._topics: dict[str, Topic] = {}
        for topic in topics:
            first = self._topics.setdefault(topic.name, topic)
            if first is not topic:
                raise TopicError(
                    f"{topic.where}: topic '{topic.name}' is already answered at "
                    f"{first.where}. Rename one of them."
                )
        for topic in self._topics.values():
            for address in (topic.section, *topic.instead_of):
                self._require(address, topic.where)
        for section in self._sections.values():
            for address in section.related:
                self._require(address, section.where)

    @classmethod
    def from_folder(cls, folder: Path = CLINIC_FOLDER) -> "Library":
        """Reads everything that a clinic edits.

        Raises:
            DocumentError: a mistake in any file, with file, line and what to do.
        """
        facts = Facts.from_file(folder / "clinic.yml")
        files = sorted((folder / "articles").glob("*.md"))
        if not files:
            raise ArticleError(
                f"{folder / 'articles'}: holds no article. Put at least one `.md` file "
                "there; see docs/add-a-clinic.md."
            )
        sections = [section for file in files for section in read_article(file, facts)]
        faq_files = sorted((folder / "faq").glob("*.yml"))
        topics = [topic for file in faq_files for topic in read_topics(file)]
        return cls(sections, topics, facts)

    @property
    def sections(self) -> list[Section]:
        """All sections, in the order of the articles."""
        return list(self._sections.values())

    @property
    def topics(self) -> list[Topic]:
        """All topics, in the order of the faq files."""
        return list(self._topics.values())

    def section(self, address: str) -> Section:
        """Returns one section.

        Raises:
            UnknownSectionError: no article has that section.
        """
        self._require(address, "request")
        return self._sections[address]

    def has(self, address: str) -> bool:
        """Says whether an address points at a section."""
        return address in self._sections

    def section_of_topic(self, name: str) -> str | None:
        """Returns the address that answers a topic, or None for an unknown topic."""
        topic = self._topics.get(name)
        return topic.section if topic else None

    def counterpart(self, address: str, article: str) -> str:
        """Returns the section of an article that stands in for another one's.

        Args:
            address: the section that would answer.
            article: the article that the conversation is about, as in an address.
        """
        for topic in self._topics.values():
            if address in topic.instead_of and topic.section.startswith(f"{article}#"):
                return topic.section
        return address

    def _require(self, address: str, where: str) -> None:
        if address not in self._sections:
            article = address.partition("#")[0]
            near = [known for known in self._sections if known.startswith(article)]
            raise UnknownSectionError(address, where, near or list(self._sections))
