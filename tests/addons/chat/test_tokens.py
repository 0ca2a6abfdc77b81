import stat
import subprocess
import sys

import jwt
import pytest

from addons.chat.errors import ChatSettingsError
from addons.chat.tokens import AUDIENCE, ConversationTokens, read_secret

SECRET = "a secret of the tests, long enough"
NOW = 1_800_000_000.0


@pytest.fixture
def clock():
    return [NOW]


@pytest.fixture
def tokens(clock):
    return ConversationTokens(SECRET, hours=12, clock=lambda: clock[-1])


def forged(secret=SECRET, algorithm="HS256", **changes):
    claims = {"sub": "website-1", "aud": AUDIENCE, "exp": NOW + 60} | changes
    claims = {name: value for name, value in claims.items() if value is not None}
    return jwt.encode(claims, secret, algorithm)


def test_a_token_opens_its_own_conversation(tokens):
    conversation = tokens.new_conversation()

    assert tokens.read(tokens.issue(conversation)) == conversation


def test_two_conversations_have_nothing_in_common(tokens):
    assert tokens.new_conversation() != tokens.new_conversation()


def test_a_token_ends_after_its_hours(tokens, clock):
    token = tokens.issue("website-1")

    clock.append(NOW + 12 * 3600 - 1)
    assert tokens.read(token) == "website-1"
    clock.append(NOW + 12 * 3600)
    assert tokens.read(token) is None


@pytest.mark.parametrize(
    "token",
    [
        None,
        5,
        {},
        "",
        "website-1",
        "a.b.c",
        "x" * 100_000,
        forged("another secret that is long enough"),
        forged(None, "none"),
        forged(aud="staff"),
        forged(aud=None),
        forged(exp=None),
        forged(sub=None),
        # A conversation of another channel must not be opened here.
        forged(sub="patient-1"),
    ],
)
def test_nothing_else_is_a_token(tokens, token):
    assert tokens.read(token) is None


def test_a_token_with_one_sign_changed_is_none(tokens):
    head, body, signature = tokens.issue("website-1").split(".")
    other = jwt.encode({"sub": "website-2"}, SECRET).split(".")[1]

    assert tokens.read(f"{head}.{other}.{signature}") is None
    assert tokens.read(f"{head}.{body}.{signature[::-1]}") is None


def test_the_secret_of_the_environment_is_used(tmp_path):
    environment = {"CLINIC_CHAT_SECRET": SECRET}

    assert read_secret(environment, tmp_path / "secret") == SECRET
    assert list(tmp_path.iterdir()) == []


def test_a_short_secret_stops_the_start(tmp_path):
    with pytest.raises(ChatSettingsError, match="openssl rand"):
        read_secret({"CLINIC_CHAT_SECRET": "1234"}, tmp_path / "secret")


def test_without_one_a_secret_is_made_once_and_kept_private(tmp_path):
    file = tmp_path / "var/secret"

    first, second = read_secret({}, file), read_secret({}, file)

    assert first == second
    assert len(first) > 40
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [f.name for f in file.parent.iterdir()] == ["secret"]


READ = """
import sys
from pathlib import Path
from addons.chat.tokens import read_secret
print(read_secret({}, Path(sys.argv[1])))
"""


def test_processes_that_start_together_agree_on_a_secret(tmp_path, root):
    command = [sys.executable, "-c", READ, str(tmp_path / "secret")]
    starting = [
        subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, text=True)
        for _ in range(4)
    ]

    printed = {process.communicate(timeout=30)[0] for process in starting}

    assert len(printed) == 1


def test_a_secret_that_cannot_be_kept_stops_the_start(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(ChatSettingsError, match="Set CLINIC_CHAT_SECRET"):
        read_secret({}, tmp_path / "file/secret")
