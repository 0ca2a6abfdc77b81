"""Each process of the whole system is killed once while patients book."""

import os
import subprocess
import sys

import pytest

from tests.server.processes import ROOT

pytestmark = pytest.mark.server


def test_no_process_takes_a_request_with_it():
    finished = subprocess.run(
        [
            *(sys.executable, "-m", "benchmarks.faults"),
            *("--trials", "5", "--in-turn", "--seed", "4"),
        ],
        cwd=ROOT,
        env={**os.environ, "SQLALCHEMY_SILENCE_UBER_WARNING": "1"},
        capture_output=True,
        text=True,
        timeout=900,
        check=False,
    )

    assert finished.returncode == 0, finished.stdout + finished.stderr[-2000:]
    assert "lost" in finished.stdout
