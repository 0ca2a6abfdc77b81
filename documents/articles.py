"""Articles in Markdown, read into sections that can be sent in a chat."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from documents.errors import ArticleError
from documents.facts import Facts

LONGEST_ANSWER_WORDS = 90
LONGEST_PIECE = 420

FRONT_MATTER = re.compile(r"\A---\n(.*?)\n---\n", re.DOTALL)
HEADING = re.compile(r"^(#{1,6})\s+(.*?)\s*$")
TITLE_AND_ID = re.compile(r"^(.*?)\s*\{#([a-z0-9-]+)\}$")
SEE_ALSO = re.compile(r"^See also:\s*(.+)$")
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")


@dataclass(frozen=True)
class Section:
    """One addressable answer: a first paragraph, then the detail in pieces."""

    address: str
    article: str
    title: str
    answer: str
    detail: tuple[str, ...]
    related: tuple[str, ...]
    where: str
    # False for facts about the clinic, which may be told also in an emergency.
    advice: bool = True

    @property
    def paragraphs(self) -> tuple[str, ...]:
        """The answer and the detail, as search reads them."""
        return (self.answer, *self.detail)

    @property
    def parts(self) -> tuple[str, ...]:
        """The answer and then the detail, each part short enough for a phone."""
        return (self.answer, *_fit_phone(self.detail))


def read_article(file: Path, facts: Facts) -> list[Section]:
    """Reads the sections of one article, in order.

    Raises:
        ArticleError: the file cannot be read or breaks the format of an article.
        FactsError: a section names a fact that the clinic does not have.
    """
    try:
        text = file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise ArticleError(
            f"{file}: cannot be read ({error}). Save it as UTF-8 text."
        ) from error
    front = _front_matter(text, file)
    blocks = _split_sections(text, file)
    if not blocks:
        raise ArticleError(
            f"{file}: has no section. Write headings such as `## Title {{#id}}`."
        )
    sections = [_section(block, file, front, facts) for block in blocks]
    seen: dict[str, str] = {}
    for section in sections:
        if section.address in seen:
            raise ArticleError(
                f"{section.where}: the id of '{section.title}' is already used at "
                f"{seen[section.address]}. Give it another id."
            )
        seen[section.address] = section.where
    return sections


@dataclass(frozen=True)
class _Block:
    title: str
    id: str
    line: int
    lines: tuple[str, ...]


def _front_matter(text: str, file: Path) -> dict[str, str]:
    """Returns the settings at the top of an article: `title`, and `advice: no`."""
    found = FRONT_MATTER.match(text)
    pairs = (
        line.partition(":") for line in (found.group(1) if found else "").split("\n")
    )
    front = {key.strip(): value.strip() for key, _, value in pairs if value.strip()}
    if "title" not in front:
        raise ArticleError(
            f"{file}:1: has no title. Begin the file with the lines `---`, "
            "`title: Back muscle spasm` and `---`."
        )
    return front


def _split_sections(text: str, file: Path) -> list[_Block]:
    blocks: list[_Block] = []
    current: list[str] | None = None
    for number, line in enumerate(text.splitlines(), start=1):
        heading = HEADING.match(line)
        if heading and len(heading.group(1)) <= 2:
            named = TITLE_AND_ID.match(heading.group(2))
            if not named:
                raise ArticleError(
                    f"{file}:{number}: heading '{heading.group(2)}' has no id. Write "
                    f"`{heading.group(1)} {heading.group(2)} {{#short-id}}`, the id in "
                    "small letters, digits and hyphens."
                )
            current = None
            if len(heading.group(1)) == 2:
                current = []
                blocks.append(_Block(named.group(1), named.group(2), number, ()))
        elif current is not None:
            current.append(line)
            last = blocks[-1]
            blocks[-1] = _Block(last.title, last.id, last.line, tuple(current))
    return blocks


def _section(
    block: _Block, file: Path, front: Mapping[str, str], facts: Facts
) -> Section:
    where = f"{file}:{block.line}"
    paragraphs, related = _paragraphs(block.lines, file.stem)
    if not paragraphs:
        raise ArticleError(
            f"{where}: section '{block.title}' is empty. Write its answer below the "
            "heading."
        )
    filled = [facts.fill(paragraph, where=where) for paragraph in paragraphs]
    words = len(filled[0].split())
    if words > LONGEST_ANSWER_WORDS:
        raise ArticleError(
            f"{where}: the first paragraph of '{block.title}' has {words} words; it is "
            f"sent as the chat answer and may have {LONGEST_ANSWER_WORDS}. Move the "
            "rest into a second paragraph."
        )
    return Section(
        address=f"{file.stem}#{block.id}",
        article=front["title"],
        title=block.title,
        answer=filled[0],
        detail=tuple(filled[1:]),
        related=tuple(related),
        where=where,
        advice=front.get("advice", "yes") != "no",
    )


def _paragraphs(lines: tuple[str, ...], stem: str) -> tuple[list[str], list[str]]:
    """Joins wrapped lines; a list stays one paragraph with a line an item."""
    paragraphs: list[str] = []
    related: list[str] = []
    open_paragraph = False
    for line in (line.strip() for line in lines):
        see_also = SEE_ALSO.match(line)
        if see_also:
            related += [_absolute(target, stem) for target in LINK.findall(line)]
            open_paragraph = False
        elif not line:
            open_paragraph = False
        elif line.startswith("#"):
            paragraphs.append(line.lstrip("# "))
            open_paragraph = False
        elif line.startswith(("- ", "* ")) and open_paragraph:
            paragraphs[-1] += f"\n- {line[2:]}"
        elif open_paragraph:
            paragraphs[-1] += f" {line}"
        else:
            bullet = line.startswith(("- ", "* "))
            paragraphs.append(f"- {line[2:]}" if bullet else line)
            open_paragraph = True
    return paragraphs, related


def _absolute(target: str, stem: str) -> str:
    return f"{stem}{target}" if target.startswith("#") else target


def _fit_phone(paragraphs: tuple[str, ...]) -> list[str]:
    """Packs paragraphs into pieces of about a phone screen, never cutting a line."""
    pieces: list[str] = []
    for paragraph in paragraphs:
        for index, line in enumerate(paragraph.split("\n")):
            gap = "\n\n" if index == 0 else "\n"
            if pieces and len(pieces[-1]) + len(gap) + len(line) <= LONGEST_PIECE:
                pieces[-1] += gap + line
            else:
                pieces.append(line)
    return pieces
