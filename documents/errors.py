"""Errors of the documents package; each says what, where and what to do.

DocumentError
├── ArticleError           a mistake in an article, with file and line
├── FactsError             a mistake in clinic.yml, or a fact that is not there
├── TopicError             a mistake in a faq file, with file and line
└── UnknownSectionError    a section address points at nothing
"""


class DocumentError(Exception):
    """Base of all errors of this package."""


class ArticleError(DocumentError):
    """A mistake in an article, with file and line."""


class FactsError(DocumentError):
    """A mistake in `clinic.yml`, or a fact that is not there."""


class TopicError(DocumentError):
    """A mistake in a faq file, with file and line."""


class UnknownSectionError(DocumentError):
    """A section address points at nothing."""

    def __init__(self, address: str, where: str, known: list[str]) -> None:
        super().__init__(
            f"{where}: no section '{address}'. Known sections: "
            f"{', '.join(sorted(known)) or 'none'}. Add a heading with that id to the "
            "article, or correct the address."
        )
