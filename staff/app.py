"""The staff console as an ASGI application."""

from pathlib import Path

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from staff import (
    admin_pages,
    alarms_page,
    asked_page,
    entry_page,
    lists,
    login,
    questions_page,
    request_page,
    troubles_page,
)
from staff.console import Console
from staff.security import Security
from staff.web import GONE, render

STATIC = Path(__file__).with_name("static")


def create_app(console: Console) -> Starlette:
    """Returns the application."""
    app = Starlette(
        routes=[
            *login.routes(),
            *lists.routes(),
            *entry_page.routes(),
            *request_page.routes(),
            *alarms_page.routes(),
            *questions_page.routes(),
            *troubles_page.routes(),
            *asked_page.routes(),
            *admin_pages.routes(),
            Route("/health", health),
            Mount("/static", StaticFiles(directory=STATIC)),
        ],
        middleware=[
            Middleware(Security, local=console.settings.local),
            Middleware(
                TrustedHostMiddleware,
                allowed_hosts=list(console.settings.hosts),
                www_redirect=False,
            ),
        ],
        exception_handlers={404: not_found, 405: not_found},
    )
    app.state.console = console
    return app


async def health(request: Request) -> Response:
    """Says that the process answers; it asks no database."""
    return PlainTextResponse("ok\n")


async def not_found(request: Request, error: Exception) -> Response:
    """Returns a page for an address that does not exist."""
    status = error.status_code if isinstance(error, HTTPException) else 404
    return render(request.app.state.console, "error.html", status=status, text=GONE)
