"""The two assistants that are compared: ours, and Rasa's defaults on the same data."""

import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from ruamel.yaml import YAML
from ruamel.yaml.scalarstring import LiteralScalarString

ROOT = Path(__file__).resolve().parent.parent
WORK = ROOT / "var" / "bench"
SHARED = ("data", "domain.yml", "endpoints.yml", "documents", "actions", "addons")
# Exactly what Rasa 3.6 fills in when config.yml leaves pipeline and policies empty.
BASELINE_CONFIG = """\
recipe: default.v1
language: en
assistant_id: baseline
pipeline:
  - name: WhitespaceTokenizer
  - name: RegexFeaturizer
  - name: LexicalSyntacticFeaturizer
  - name: CountVectorsFeaturizer
  - name: CountVectorsFeaturizer
    analyzer: char_wb
    min_ngram: 1
    max_ngram: 4
  - name: DIETClassifier
    epochs: 100
    constrain_similarities: true
  - name: EntitySynonymMapper
  - name: ResponseSelector
    epochs: 100
    constrain_similarities: true
  - name: FallbackClassifier
    threshold: 0.3
    ambiguity_threshold: 0.1
policies:
  - name: MemoizationPolicy
  - name: RulePolicy
  - name: UnexpecTEDIntentPolicy
    max_history: 5
    epochs: 100
  - name: TEDPolicy
    max_history: 5
    epochs: 100
    constrain_similarities: true
"""


@dataclass(frozen=True)
class Project:
    """A folder that `rasa train` and `rasa run` work in."""

    name: str
    folder: Path
    actions: str

    @property
    def model(self) -> Path:
        """The trained model."""
        return self.folder / "models" / "bench.tar.gz"


def ours(examples: int) -> Project:
    """Returns a copy of this project with so many examples a topic (0: all)."""
    return _project("ours", "actions", examples)


def baseline(examples: int) -> Project:
    """Returns the same data under Rasa's default pipeline and policies."""
    project = _project("default", "benchmarks.baseline_actions", examples)
    (project.folder / "config.yml").write_text(BASELINE_CONFIG, "utf-8")
    (project.folder / "credentials.yml").write_text("rest:\n", "utf-8")
    return project


def _project(name: str, actions: str, examples: int) -> Project:
    folder = WORK / name
    folder.mkdir(parents=True, exist_ok=True)
    for item in (*SHARED, "config.yml", "credentials.yml", "benchmarks", "web"):
        source, target = ROOT / item, folder / item
        if source.is_dir():
            shutil.copytree(source, target, dirs_exist_ok=True)
        else:
            shutil.copy(source, target)
    (folder / "var").mkdir(exist_ok=True)
    (folder / "models").mkdir(exist_ok=True)
    encoder = folder / "models" / "encoder"
    if not encoder.exists():
        encoder.symlink_to(ROOT / "models" / "encoder")
    if examples:
        for file in (
            *(folder / "data").glob("*/faq/*.yml"),
            *folder.glob("data/nlu/*"),
        ):
            _thin_out(file, examples)
    return Project(name, folder, actions)


def _thin_out(file: Path, examples: int) -> None:
    """Keeps so many examples of each intent, evenly spread over the list."""
    yaml = YAML()
    tree = yaml.load(file)
    for entry in tree["nlu"]:
        lines = str(entry["examples"]).splitlines(keepends=True)
        step = max(1.0, len(lines) / examples)
        kept = [lines[int(i * step)] for i in range(min(examples, len(lines)))]
        entry["examples"] = LiteralScalarString("".join(kept))
    yaml.dump(tree, file)


def train(project: Project) -> float:
    """Trains from nothing and returns the seconds it took."""
    shutil.rmtree(project.folder / ".rasa", ignore_errors=True)
    started = time.monotonic()
    with (project.folder / "train.log").open("w") as log:
        subprocess.run(
            [sys.executable, "-m", "rasa", "train", "--fixed-model-name", "bench"],
            cwd=project.folder,
            stdout=log,
            stderr=log,
            check=True,
        )
    return time.monotonic() - started
