"""Files of the widget, facts that it shows, and the demo page of a clinic."""

import gzip
import hashlib
import json as plain_json
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from jinja2 import Environment
from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, raw

from addons.chat.setup import read_setup
from documents.facts import Facts
from documents.library import CLINIC_FOLDER

WEB_FOLDER = Path("web")
JAVASCRIPT, JSON = "text/javascript; charset=utf-8", "application/json"
DEMO = {"clinic.css": "text/css", "icon.svg": "image/svg+xml"}
HEADERS = {
    "Cache-Control": "public, max-age=300",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Vary": "Accept-Encoding",
}
# The clinic's site has another origin than the chat.
SHARED = {
    "Access-Control-Allow-Origin": "*",
    "Cross-Origin-Resource-Policy": "cross-origin",
}
PAGE = {
    "Cache-Control": "no-cache",
    # What a careful clinic would send: the widget must work under it.
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
        "img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
        "require-trusted-types-for 'script'"
    ),
}


@dataclass(frozen=True)
class Page:
    """Something that is served as it is, small on the line if the browser allows."""

    body: bytes
    content_type: str
    headers: tuple[tuple[str, str], ...] = ()

    @cached_property
    def _tag(self) -> str:
        return f'"{hashlib.sha256(self.body).hexdigest()[:20]}"'

    @cached_property
    def _small(self) -> bytes:
        return gzip.compress(self.body, mtime=0)

    def answer(self, request: Request) -> HTTPResponse:
        """Returns the response to a request."""
        headers = {**HEADERS, **dict(self.headers), "ETag": self._tag}
        if request.headers.get("if-none-match") == self._tag:
            return raw(b"", status=304, headers=headers)
        body = self.body
        if "gzip" in request.headers.get("accept-encoding", ""):
            body = self._small
            headers["Content-Encoding"] = "gzip"
        return raw(body, headers=headers, content_type=self.content_type)


class Pages:
    """All pages of the channel, read once when the server starts.

    Args:
        demo: whether there is a front page, which shows the widget on a site.
    """

    def __init__(
        self,
        *,
        demo: bool,
        web_folder: Path = WEB_FOLDER,
        content_folder: Path = CLINIC_FOLDER,
    ) -> None:
        self._web = web_folder
        self._content = content_folder
        self._demo = demo

    def register(self, routes: Blueprint) -> None:
        """Adds a route for each page."""
        for path, page in self._pages().items():
            routes.add_route(_handler(page), path, name=path.strip("/"))
        if self._demo:
            routes.ctx.front_page = self._front_page().answer

    def _pages(self) -> dict[str, Page]:
        shared = tuple(SHARED.items())
        setup = read_setup(self._content)
        pages = {
            "/setup.json": Page(plain_json.dumps(setup).encode(), JSON, shared),
        }
        kinds = {".js": JAVASCRIPT, ".map": JSON}
        for file in sorted((self._web / "dist").iterdir()):
            pages[f"/{file.name}"] = Page(file.read_bytes(), kinds[file.suffix], shared)
        for file in sorted((self._web / "languages").glob("*.json")):
            path = f"/languages/{file.name}"
            pages[path] = Page(file.read_bytes(), JSON, shared)
        if self._demo:
            for name, kind in DEMO.items():
                body = (self._web / "demo" / name).read_bytes()
                pages[f"/demo/{name}"] = Page(body, kind)
        return pages

    def _front_page(self) -> Page:
        facts = Facts.from_file(self._content / "clinic.yml")
        source = (self._web / "demo/clinic.html").read_text(encoding="utf-8")
        template = Environment(autoescape=True).from_string(source)
        html = template.render(fact=facts.get)
        return Page(html.encode(), "text/html; charset=utf-8", tuple(PAGE.items()))


def _handler(page: Page) -> Callable[..., object]:
    async def answer(request: Request) -> HTTPResponse:
        return page.answer(request)

    return answer
