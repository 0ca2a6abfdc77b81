"""Turns Markdown into WhatsApp's own marks: *bold*, _italic_, lists."""

import re

BOLD = re.compile(r"(\*\*|__)(?=\S)(.+?)(?<=\S)\1")
HEADING = re.compile(r"^#{1,6}[ \t]+(.+?)[ \t]*#*$", re.MULTILINE)
BULLET = re.compile(r"^([ \t]*)[*+•][ \t]+", re.MULTILINE)
NUMBER = re.compile(r"^([ \t]*\d{1,3})\)[ \t]+", re.MULTILINE)
LINK = re.compile(r"!?\[([^\]\n]+)\]\((https?://[^\s)]+|tel:[^\s)]+|mailto:[^\s)]+)\)")


def marked(text: str) -> str:
    """Returns a reply with the marks that WhatsApp shows."""
    text = BULLET.sub(r"\1- ", text)
    text = NUMBER.sub(r"\1. ", text)
    text = HEADING.sub(r"*\1*", text)
    text = BOLD.sub(r"*\2*", text)
    return LINK.sub(_plain_link, text)


def _plain_link(match: re.Match[str]) -> str:
    words, address = match.groups()
    address = address.removeprefix("tel:").removeprefix("mailto:")
    return str(words) if words == address else f"{words}: {address}"
