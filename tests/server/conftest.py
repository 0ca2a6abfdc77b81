"""One assistant for all tests that only talk to it."""

import pytest

from tests.server.processes import both_servers


@pytest.fixture(scope="session")
def servers(tmp_path_factory):
    """The Rasa server and the action server."""
    with both_servers(tmp_path_factory.mktemp("servers")) as running:
        yield running


@pytest.fixture
def say(servers, sender):
    """Returns a function that sends messages and returns the texts of the last."""

    def sent(*messages):
        replies = [servers.say(message, sender) for message in messages]
        return [reply["text"] for reply in replies[-1]]

    return sent
