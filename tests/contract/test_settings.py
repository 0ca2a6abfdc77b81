"""Environment variables: each that is read is explained, and may be left empty."""

import re
from pathlib import Path

import pytest

from records.database import read_address
from records.delivery_settings import smtp_settings, webhook_settings
from staff.settings import Settings

ROOT = Path(__file__).parents[2]
CODE = ("actions", "addons", "documents", "records", "staff", "deploy", "whatsapp")
READ = re.compile(r'"(CLINIC_[A-Z_]+)"')
LINE = re.compile(r"^([A-Z][A-Z_]+)=(.*)$", re.MULTILINE)


def read_by_code() -> set[str]:
    files = [file for folder in CODE for file in (ROOT / folder).rglob("*.py")]
    return {name for f in files for name in READ.findall(f.read_text("utf-8"))}


@pytest.fixture(scope="module")
def example() -> dict[str, str]:
    return dict(LINE.findall((ROOT / ".env.example").read_text("utf-8")))


def test_the_example_names_exactly_what_the_code_reads(example):
    ours = {name for name in example if name.startswith("CLINIC_")}

    assert ours == read_by_code()


def test_each_variable_is_explained_above_its_line():
    lines = (ROOT / ".env.example").read_text("utf-8").splitlines()

    bare = [
        line
        for before, line in zip(lines, lines[1:], strict=False)
        if LINE.match(line) and not before.startswith("# ")
    ]

    assert bare == []


def test_the_example_as_it_is_sends_nothing_and_starts(example):
    assert smtp_settings(example) is None
    assert webhook_settings(example) is None
    assert Settings.from_environment(example).local is False
    for name in ("CLINIC_DATABASE_URL", "CLINIC_CONVERSATIONS_URL"):
        address = read_address(example[name], name, "")
        assert address.get_backend_name() == "sqlite"
