"""What the files of the project say about each other and about this machine."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CODE = re.compile(r"^```.*?^```|`[^`\n]+`", re.DOTALL | re.MULTILINE)
TARGET = re.compile(r"\bmake ([a-z][a-z-]*)")
GUIDE = re.compile(r"\bdocs/[\w/-]+\.md\b")
REGISTRY = re.compile(
    r"https?://\S*(?:pypi|pythonhosted|npmjs|artifactory|nexus|devpi|/simple\b)"
    r"|--(?:extra-)?index-url[ =]"
)
HOME = re.compile(r"(?<![\w.~}])/(?:home|root|Users|work)/\w")


def documents() -> list[Path]:
    return [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]


def targets_named(text: str) -> set[str]:
    """Returns the make targets that a text names in code."""
    return {name for code in CODE.findall(text) for name in TARGET.findall(code)}


def targets_written(makefile: str) -> set[str]:
    return set(re.findall(r"^([a-z][a-z-]*):(?!=)", makefile, re.MULTILINE))


@pytest.fixture(scope="module")
def tracked() -> dict[str, str]:
    """Returns the text files that git knows."""
    if not (ROOT / ".git").exists():
        pytest.skip("the project was copied without its git folder")
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True
    )
    texts = {}
    for name in filter(None, listed.stdout.split("\0")):
        file = ROOT / name
        content = file.read_bytes() if file.is_file() else b"\0"
        if b"\0" not in content:
            texts[name] = content.decode("utf-8")
    return texts


@pytest.mark.parametrize(
    ("text", "targets"),
    [
        ("Run `make test` first.", {"test"}),
        ("```\nmake install\nmake run  # both\n```", {"install", "run"}),
        ("`make run PORT=1` or `make train && make test`", {"run", "train", "test"}),
        ("These make sure of it. `cmake x`", set()),
    ],
)
def test_targets_are_found_in_code(text, targets):
    assert targets_named(text) == targets


def test_every_make_target_that_documents_name_exists():
    written = targets_written((ROOT / "Makefile").read_text(encoding="utf-8"))

    missing = {
        file.name: targets_named(file.read_text(encoding="utf-8")) - written
        for file in documents()
    }

    assert {name: targets for name, targets in missing.items() if targets} == {}


def test_every_target_is_phony_and_explained():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")

    explained = set(re.findall(r"^([a-z-]+):.*## \S", makefile, re.MULTILINE))
    phony = set(re.findall(r"^\.PHONY: ([a-z-]+)$", makefile, re.MULTILINE))

    assert explained == phony == targets_written(makefile)


@pytest.mark.issue("error messages and comments name guides that are not written yet")
def test_every_guide_that_is_named_exists(tracked):
    named = {
        guide: name
        for name, text in tracked.items()
        if not name.startswith("tests/")
        for guide in GUIDE.findall(text)
    }

    assert {g: name for g, name in named.items() if not (ROOT / g).exists()} == {}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("see http" + "s://py" + "pi.org/project/rasa", True),
        ("http" + "://cache.local:3141/ro" + "ot/" + "simple", True),
        ("--index" + "-url x", True),
        ("uv pip compile --no-emit-index-url \\", False),
        ("http://127.0.0.1:5055/webhook", False),
        ("https://rasa.com/docs", False),
    ],
)
def test_registry_addresses_are_recognised(text, found):
    assert bool(REGISTRY.search(text)) is found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("cd /ho" + "me/anna/project", True),
        ("'/wo" + "rk/main'", True),
        ("GET /webhooks/rest", False),
        ("var/work/x and ./home/x", False),
    ],
)
def test_absolute_paths_are_recognised(text, found):
    assert bool(HOME.search(text)) is found


def test_no_tracked_file_names_a_package_registry(tracked):
    assert [name for name, text in tracked.items() if REGISTRY.search(text)] == []


def test_no_tracked_file_names_a_path_of_this_machine(tracked):
    home = f"{Path.home()}/"

    naming = [n for n, text in tracked.items() if HOME.search(text) or home in text]

    assert naming == []
