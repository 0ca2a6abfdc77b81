"""Checks that the ports of the development profile are free, and waits for them."""

import socket
import time

HOST = "127.0.0.1"


class PortInUseError(Exception):
    """A port is taken by another program."""

    def __init__(self, port: int, purpose: str) -> None:
        super().__init__(
            f"Port {port} ({purpose}) is in use. Stop the program that uses it "
            f"(`ss -ltnp 'sport = :{port}'` names it), then try again."
        )


def require_free(port: int, purpose: str) -> None:
    """Raises `PortInUseError` if something listens on a port already."""
    if is_open(port):
        raise PortInUseError(port, purpose)


def is_open(port: int) -> bool:
    """Says whether a program answers on a port of this machine."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex((HOST, port)) == 0


def free_port() -> int:
    """Returns a port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def wait_until_open(port: int, *, seconds: float) -> bool:
    """Waits for a port to answer; False if it does not within the time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if is_open(port):
            return True
        time.sleep(0.2)
    return False
