"""Serves the chat page for trying the assistant in a browser."""

from pathlib import Path
from typing import Any

from rasa.core.channels.channel import InputChannel
from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, file, json

from addons.channels.replies import Handler
from documents.facts import Facts
from documents.library import CLINIC_FOLDER

WEB_FOLDER = Path("web")
ASSETS = {"demo.css": "text/css", "demo.js": "text/javascript"}
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}


class DemoPage(InputChannel):
    """A page at `/chat/` that talks to the REST channel; development only."""

    @classmethod
    def name(cls) -> str:
        """Name of the channel."""
        return "demo"

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> "DemoPage":
        """Takes no settings."""
        return cls()

    def url_prefix(self) -> str:
        """Address of the page; the slash takes it out of `/webhooks`."""
        return "/chat"

    def blueprint(self, on_new_message: Handler) -> Blueprint:
        """Returns the routes of the page."""
        routes = Blueprint("clinic_demo")
        facts = Facts.from_file(CLINIC_FOLDER / "clinic.yml").for_responses()

        @routes.get("/")
        async def page(request: Request) -> HTTPResponse:
            return await file(
                WEB_FOLDER / "demo.html", mime_type="text/html", headers=HEADERS
            )

        @routes.get("/facts.json")
        async def clinic_facts(request: Request) -> HTTPResponse:
            return json(facts, headers=HEADERS)

        @routes.get("/<name:demo.css|demo.js>")
        async def asset(request: Request, name: str) -> HTTPResponse:
            return await file(
                WEB_FOLDER / name, mime_type=ASSETS[name], headers=HEADERS
            )

        return routes
