"""A Chromium of the distribution and the product as `make run` starts it, for tests that use it like a person.

Without a Chromium these tests are skipped; REQUIRE_BROWSER=1, as in CI, makes that a failure.
"""

import os
import re
import shutil
import signal
import socket
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from config import engines
from tests.running import Run, wait_until

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "microsoft-edge")
ARGUMENTS = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
]
PATIENCE = 15_000  # milliseconds, on a machine that does other things too
PASSWORD = "kanvas-demo"
LETTER = re.compile(r'href="(/demo/surat/[^"]+/)"')
CODE = re.compile(r"\b[A-Z]{4}-[A-Z]{4}\b")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All browser tests go to one process, because they share one running product."""
    for item in items:
        if Path(item.path).parent == Path(__file__).parent:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.xdist_group("browser"))


def find_chromium() -> str | None:
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = find_chromium()
    if path is None:
        message = "no Chromium found: install it (Debian: apt-get install chromium) or set CHROMIUM"
        if os.environ.get("REQUIRE_BROWSER"):
            pytest.fail(message)
        pytest.skip(message)
    arguments = [*ARGUMENTS, *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=arguments)
        yield chromium
        chromium.close()


# A gateway that is on, so that its pages are there; its service is an address where nobody listens.
TELEGRAM = {
    "TELEGRAM_BOT": "kanvas_bot",
    "TELEGRAM_TOKEN": "42:rahasia",
    "TELEGRAM_SECRET": "rahasia-bot-rahasia-bot",
    "TELEGRAM_URL": "https://127.0.0.1:1",
}


@pytest.fixture(scope="session")
def demo(browser: Browser) -> Iterator[Run]:
    """A demo of its own: web, workers, beat, mail catcher, demo data."""
    parent = engines.PROJECT_DIR / "var" / "test"
    parent.mkdir(parents=True, exist_ok=True)
    state = Path(tempfile.mkdtemp(prefix="browser-", dir=parent))
    state.chmod(0o755)  # PostgreSQL runs as another user when root tests
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    run = Run(state, port, **TELEGRAM)
    try:
        yield run.until_running()
    finally:
        run.process.send_signal(signal.SIGTERM)
        run.until_ended()
        shutil.rmtree((state / "postgres").resolve(), ignore_errors=True)
        shutil.rmtree(state)


@pytest.fixture(scope="session")
def site(demo: Run) -> str:
    """Its address."""
    return f"http://127.0.0.1:{demo.port}"


def sign_in_by_code(page: Page, email: str) -> None:
    """As a job seeker does: ask for a code, read it in the mail, type it."""
    page.goto("/masuk/login/code/")
    page.fill("[name=email]", email)
    enter_code(page, email)


def sign_up(page: Page, name: str, email: str) -> None:
    page.goto("/masuk/signup/")
    page.fill("[name=name]", name)
    page.fill("[name=email]", email)
    page.wait_for_timeout(settings.FORM_SECONDS * 1000 + 1000)  # as long as a person takes
    enter_code(page, email)


def enter_code(page: Page, email: str) -> None:
    """Send the form that asks for a code, and type the code that comes."""
    known = page.request.get("/demo/surat/").text()
    page.click("main button[type=submit]")
    codes: list[str] = []

    def arrived() -> bool:
        for letter in LETTER.findall(page.request.get("/demo/surat/").text()):
            if letter not in known and email in (text := page.request.get(letter).text()):
                codes.extend(CODE.findall(text))
        return bool(codes)

    wait_until(arrived, seconds=20)
    page.fill("[name=code]", codes[0])
    page.click("main button[type=submit]")
    page.wait_for_url("**/akun/")


@pytest.fixture
def open_page(browser: Browser, site: str) -> Iterator[Callable[..., Page]]:
    """Open a page in a browser of its own, signed in as `who`@demo.test, `width` pixels wide."""
    contexts: list[BrowserContext] = []

    def new(
        who: str = "", *, width: int = 1280, language: str = "id", dark: bool = False, scripts: bool = True
    ) -> Page:
        context = browser.new_context(
            base_url=site,
            viewport={"width": width, "height": 800},
            color_scheme="dark" if dark else "light",
            java_script_enabled=scripts,
        )
        contexts.append(context)
        context.set_default_timeout(PATIENCE)
        context.add_cookies([{"name": "bahasa", "value": language, "url": site}])
        page = context.new_page()
        if who == "pencaker":
            sign_in_by_code(page, f"{who}@demo.test")
        elif who:
            page.goto("/masuk/")
            page.fill("[name=login]", f"{who}@demo.test")
            page.fill("[name=password]", PASSWORD)
            page.press("[name=password]", "Enter")
            page.wait_for_url("**/petugas/")
        return page

    yield new
    for context in contexts:
        context.close()
