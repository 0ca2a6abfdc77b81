"""Checks the clinic's content: `python -m documents.check [FOLDER]`."""

import sys
from pathlib import Path

from documents.errors import DocumentError
from documents.library import CLINIC_FOLDER, Library


def main(arguments: list[str]) -> int:
    """Prints what the content holds, or the first mistake; returns the exit code."""
    folder = Path(arguments[0]) if arguments else CLINIC_FOLDER
    try:
        library = Library.from_folder(folder)
    except DocumentError as error:
        print(error, file=sys.stderr)
        return 1
    print(
        f"Content is in order: {len(library.sections)} sections, "
        f"{len(library.topics)} topics."
    )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
