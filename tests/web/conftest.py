"""The real servers, a clinic's site of another origin, and a real Chromium."""

import http.server
import threading
from functools import partial
from pathlib import Path

import pytest
from playwright.sync_api import expect, sync_playwright

from tests.server.processes import Servers, free_port
from tests.web.widget_parts import Widget

CHROMIUM = Path("/usr/bin/chromium")
ARGUMENTS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
LIMITS = ("messages", "address", "connections")
SITE = """\
<!doctype html>
<html lang="en"><head><title>A site</title>
<meta name="viewport" content="width=device-width">
<script src="{chat}/chat/widget.js" data-clinic-chat defer {options}></script>
<link rel="stylesheet" href="/site.css"></head>
<body><main><h1>A site</h1><p>Words.</p><a href="/other">Other page</a></main></body>
</html>
"""
# A site's own style must not reach into the chat.
STYLE = """html { font-size: 5px } body { margin: 0 }
* { color: #a00 !important; font: 90px serif !important; text-transform: uppercase;
    letter-spacing: 1em; line-height: 4 !important; text-align: right; }
main, a { font-size: 16px !important; letter-spacing: 0 }"""


class Site(http.server.BaseHTTPRequestHandler):
    """A clinic's site with a strict policy; the query holds the widget's options."""

    def __init__(self, chat: str, *args) -> None:
        self.chat = chat
        super().__init__(*args)

    def do_GET(self) -> None:
        _, _, query = self.path.partition("?")
        options = http.server.urllib.parse.unquote(query)
        is_style = self.path == "/site.css"
        body = STYLE if is_style else SITE.format(chat=self.chat, options=options)
        self.send_response(200)
        self.send_header("Content-Type", "text/css" if is_style else "text/html")
        self.send_header(
            "Content-Security-Policy",
            f"default-src 'none'; script-src {self.chat}; style-src 'self'; "
            f"connect-src {self.chat} {self.chat.replace('http', 'ws')}; "
            "require-trusted-types-for 'script'",
        )
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *_) -> None:
        pass


@pytest.fixture(scope="module")
def site_ports():
    return {"clinic": free_port(), "evil": free_port()}


@pytest.fixture(scope="module")
def servers(tmp_path_factory, site_ports):
    running = Servers(tmp_path_factory.mktemp("web"))
    file = running.folder / "credentials.yml"
    origin = f"http://127.0.0.1:{site_ports['clinic']}"
    text = file.read_text("utf-8").replace("origins: []", f'origins: ["{origin}"]')
    # All tests come from one address.
    text += "".join(f"  {name}_burst: 1000\n" for name in LIMITS)
    file.write_text(text, "utf-8")
    try:
        running.start_actions()
        running.start_rasa()
        yield running
    finally:
        running.stop()


@pytest.fixture(scope="module")
def chat(servers) -> str:
    """The address of the server."""
    return f"http://127.0.0.1:{servers.rasa_port}"


@pytest.fixture(scope="module")
def sites(chat, site_ports):
    """The addresses of a site that may show the chat, and of one that may not."""
    started = {}
    for name, port in site_ports.items():
        handler = partial(Site, chat)
        server = http.server.ThreadingHTTPServer(("127.0.0.1", port), handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        started[name] = server
    yield {name: f"http://127.0.0.1:{port}" for name, port in site_ports.items()}
    for server in started.values():
        server.shutdown()
        server.server_close()


@pytest.fixture(scope="module")
def chromium():
    if not CHROMIUM.exists():
        pytest.skip("Chromium is not installed: apt-get install chromium")
    # A busy machine needs its time.
    expect.set_options(timeout=15_000)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=str(CHROMIUM), args=ARGUMENTS
        )
        yield browser
        browser.close()
    expect.set_options(timeout=5_000)


@pytest.fixture
def visit(chromium, chat):
    """Returns a function that opens a page in a new browser or a given one."""
    contexts = []

    def build(address: str = "", *, width=1280, height=900, beside=None, **options):
        if beside:
            context = beside.page.context
        else:
            context = chromium.new_context(
                viewport={"width": width, "height": height},
                accept_downloads=True,
                **options,
            )
            contexts.append(context)
        return Widget(context.new_page(), address or f"{chat}/")

    yield build
    for context in contexts:
        context.close()
