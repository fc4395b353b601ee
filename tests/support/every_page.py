"""Every page with made-up content, to be looked at.

`python -m tests.support.every_page serve` shows them at http://127.0.0.1:8099/, under the same
Content-Security-Policy as the application. `python -m tests.support.every_page shoot DIR [NAME…]`
takes their pictures with Chromium: 1280 and 390 px wide, light and dark.
"""

import json
import sys
import threading
from pathlib import Path
from typing import Literal

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Mount, Route

from draftmill.web.static_answers import StaticAnswers
from tests.support import made_up_content as fake
from tests.support.made_up_pages import pages, render
from tests.support.places import ROOT

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self' data:; "
    "media-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
PORT = 8099
Scheme = Literal["light", "dark"]
VIEWS: list[tuple[int, Scheme]] = [(1280, "light"), (1280, "dark"), (390, "light"), (390, "dark")]
FRAGMENTS = ("answer", "gone")


async def _show(request: Request) -> Response:
    name = request.path_params["name"] or "projects"
    if name not in pages():
        return PlainTextResponse("\n".join(pages()), 404)
    return HTMLResponse(render(name), headers={"Content-Security-Policy": POLICY})


async def _picture(request: Request) -> Response:
    n = int(request.path_params["n"])
    word, colour = {
        0: ("Where forty minutes went", "#14263d"),
        9: ("The graph on paper", "#14263d"),
    }.get(n) or fake.SHOTS[(n - 1) % 8 if n < 10 else n - 10]
    text = f'<text x="160" y="96" fill="#fff" font-family="Literata, serif" font-weight="600" font-size="{22 if n in (0, 9) else 40}" text-anchor="middle">{word.replace("&", "&amp;")}</text>'
    body = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 320 180" width="1280" height="720"><rect width="320" height="180" fill="{colour}"/>{text}</svg>'
    return Response(body, media_type="image/svg+xml")


def application() -> Starlette:
    return Starlette(
        routes=[
            Mount("/static", StaticAnswers(directory=ROOT / "static")),
            Route("/picture/{n}.svg", _picture),
            Route("/{name:path}", _show),
        ]
    )


def shoot(folder: Path, names: list[str]) -> list[str]:
    """Take the pictures; returns what the browser complained about, and pages that are too wide."""
    from playwright.sync_api import sync_playwright

    server = uvicorn.Server(uvicorn.Config(application(), port=PORT, log_level="error"))
    threading.Thread(target=server.run, daemon=True).start()
    folder.mkdir(parents=True, exist_ok=True)
    complaints: list[str] = []
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        for width, scheme in VIEWS:
            page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
            page.on("console", lambda message: complaints.append(message.text))
            page.on("pageerror", lambda error: complaints.append(str(error)))
            for name in names or [n for n in pages() if n not in FRAGMENTS]:
                page.goto(f"http://127.0.0.1:{PORT}/{name}", wait_until="load")
                page.evaluate("document.fonts.ready")
                if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                    complaints.append(f"{name} is wider than {width} px")
                page.screenshot(path=folder / f"{name}-{width}-{scheme}.png", full_page=True)
            page.close()
        browser.close()
    server.should_exit = True
    return [text for text in complaints if "404" not in text]  # there is no recording to play


def main(arguments: list[str]) -> None:
    if arguments[:1] == ["serve"]:
        uvicorn.run(application(), port=PORT, log_level="warning")
    elif arguments[:1] == ["shoot"] and len(arguments) > 1:
        for complaint in shoot(Path(arguments[1]), arguments[2:]):
            sys.stdout.write(complaint + "\n")
    else:
        sys.stdout.write((__doc__ or "") + json.dumps(list(pages())) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
