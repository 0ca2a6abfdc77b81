"""What the console is told by its environment."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from staff.errors import ConsoleSettingsError

LOCAL_HOSTS = ("127.0.0.1", "localhost", "[::1]")
SUGGESTIONS = Path("var/suggestions")
TRUE, FALSE = ("1", "true", "yes"), ("", "0", "false", "no")


@dataclass(frozen=True)
class Settings:
    """How the console is reached.

    Attributes:
        local: it is used on this machine only, without TLS: cookies are not Secure.
        hosts: the names that a browser may call it by.
        suggestions: the folder for drafts of new examples.
        dialogue_url: the address of the Rasa server's HTTP API, empty if it is off.
        dialogue_token: its `--auth-token`.
    """

    local: bool = False
    hosts: tuple[str, ...] = LOCAL_HOSTS
    suggestions: Path = SUGGESTIONS
    dialogue_url: str = ""
    dialogue_token: str = field(default="", repr=False)

    @classmethod
    def from_environment(cls, values: Mapping[str, str] | None = None) -> "Settings":
        """Reads `CLINIC_STAFF_*` and `CLINIC_DIALOGUE_*`.

        Raises:
            ConsoleSettingsError: a value cannot be used.
        """
        given = os.environ if values is None else values
        local = given.get("CLINIC_STAFF_LOCAL", "").strip().lower()
        if local not in (*TRUE, *FALSE):
            raise ConsoleSettingsError(
                f"CLINIC_STAFF_LOCAL is '{local}'. Write 'true' on a machine of your "
                "own without TLS, otherwise leave it out."
            )
        names = given.get("CLINIC_STAFF_HOSTS", "").replace(",", " ").split()
        if "*" in names or any("/" in name for name in names):
            raise ConsoleSettingsError(
                "CLINIC_STAFF_HOSTS lists host names such as 'desk.clinic.example', "
                "without 'https://' and without '*'. Correct it."
            )
        url = given.get("CLINIC_DIALOGUE_URL", "").strip()
        if url and not url.startswith(("http://", "https://")):
            raise ConsoleSettingsError(
                "CLINIC_DIALOGUE_URL is no address. Write such as "
                "'http://127.0.0.1:5005', or leave it out."
            )
        return cls(
            local=local in TRUE,
            hosts=(*names, *LOCAL_HOSTS),
            dialogue_url=url,
            dialogue_token=given.get("CLINIC_DIALOGUE_TOKEN", "").strip(),
        )
