"""The pictures of the README, taken of a running demonstration: `make screenshots` beside `make run`."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import django
from playwright.sync_api import Error, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kunshan_edu.settings")
django.setup()

from kunshan_edu.demo import PASSWORD  # noqa: E402 - the demonstration is made of models
from kunshan_edu.settings import PORT  # noqa: E402

SITE = f"http://127.0.0.1:{PORT}"
FOLDER = ROOT / "docs/img"
MOST = 300 * 1024  # bytes
CHROMIUM = "/usr/bin/chromium"
SIZE = {"width": 1280, "height": 860}


@contextmanager
def signed_in(username: str) -> Iterator[Page]:
    """A page of the site, signed in on a desktop, in Chinese."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"]
        )
        page = chromium.new_page(locale="zh-CN", viewport=SIZE, color_scheme="light")
        page.goto(f"{SITE}/sign-in/")
        page.fill("input[name=username]", username)
        page.fill("input[name=password]", PASSWORD)
        page.press("input[name=password]", "Enter")
        page.wait_for_selector("main .inbox")
        yield page
        chromium.close()


def take(page: Page, name: str) -> None:
    """Keep what the page shows; it must be a light file."""
    file = FOLDER / f"{name}.png"
    page.screenshot(path=file, animations="disabled", caret="hide")
    size = file.stat().st_size
    if size > MOST:
        sys.exit(f"{file.name} has {size:,} bytes; at most {MOST:,} are wanted.")
    print(f"{file.relative_to(ROOT)}  {size:,} bytes")


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    with signed_in("president") as page:
        take(page, "home-president")
        page.click("main .inbox a.ttl >> nth=0")
        page.wait_for_selector("main .act")
        take(page, "fund-request")


if __name__ == "__main__":
    try:
        main()
    except Error as error:
        sys.exit(f"{SITE} with demonstration data is needed: `make run` first.\n{error.message}")
