"""The built widget is in git, so that a clinic needs no Node.js."""

import gzip
import json
import re
import shutil
import subprocess

import pytest

PLACEHOLDER = re.compile(r'(?:words\.|#words\.|say\(")([a-z_]+)')


@pytest.fixture
def web(root):
    return root / "web"


def test_a_build_gives_what_is_in_git(web, tmp_path):
    if not shutil.which("node") or not (web / "node_modules").is_dir():
        pytest.skip("Node.js or web/node_modules is missing: make widget")

    command = ["node", str(web / "build.mjs"), str(tmp_path)]
    subprocess.run(command, check=True, timeout=60)

    built = {file.name: file.read_text("utf-8") for file in tmp_path.iterdir()}
    kept = {file.name: file.read_text("utf-8") for file in (web / "dist").iterdir()}
    # Source maps name the sources by a path from where they lie.
    for files in (built, kept):
        for name in filter(lambda name: name.endswith(".map"), files):
            files[name] = json.loads(files[name])["sourcesContent"]
    assert built == kept, "Run `make widget` and commit web/dist."


def test_the_script_is_small(web):
    def size(name: str) -> int:
        return len(gzip.compress((web / "dist" / name).read_bytes(), mtime=0))

    assert size("widget.js") <= 2_000
    assert size("widget.js") + size("chat.js") <= 25_000


def test_each_script_has_its_map(web):
    for name in ("widget.js", "chat.js"):
        text = (web / "dist" / name).read_text("utf-8")
        assert text.rstrip().endswith(f"//# sourceMappingURL={name}.map")


def test_no_script_sets_markup(web):
    sources = {file.name: file.read_text("utf-8") for file in (web / "src").iterdir()}

    for name, text in sources.items():
        assert not re.search(r"innerHTML|outerHTML|insertAdjacent|eval\(", text), name


def test_each_word_that_the_widget_says_is_in_the_language_file(web):
    words = json.loads((web / "languages/en.json").read_text("utf-8"))
    text = "".join(file.read_text("utf-8") for file in (web / "src").glob("*.js"))

    named = set(PLACEHOLDER.findall(text)) | set(
        re.findall(r'(?:item|tell)\("([a-z_]+)"', text)
    )

    assert named - set(words) == set()


def test_the_lock_file_names_no_registry(web):
    packages = json.loads((web / "package-lock.json").read_text("utf-8"))["packages"]

    assert [name for name, package in packages.items() if "resolved" in package] == []
    assert all("integrity" in p for name, p in packages.items() if name)
