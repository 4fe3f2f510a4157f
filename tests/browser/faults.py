"""What is wrong with a page as it is drawn: for axe-core, in its width, in what one presses, in its weight."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import Any

AXE = Path(__file__).resolve().parents[2] / "node_modules/axe-core/axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"]
# What a change of colours alone can break.
COLOURS = ["color-contrast", "link-in-text-block"]
WIDTHS = (320, 375, 768, 1024, 1440)
KB = 1024
MOST_BYTES, MOST_HTML, MOST_REQUESTS = 60 * KB, 15 * KB, 8

RUN = """async (only) => {
  const found = await axe.run(document, {runOnly: only, resultTypes: ['violations']})
  return found.violations.map(v => `${v.id}: ` + v.nodes.map(n => `${n.target} ${n.failureSummary}`).join(' | '))
}"""
TOO_WIDE = """() => {
  const room = document.documentElement.clientWidth
  if (document.documentElement.scrollWidth <= room && document.body.scrollWidth <= room) return null
  const wide = [...document.querySelectorAll('body *')].filter(e =>
    e.getBoundingClientRect().right > room + 1 && e.checkVisibility({contentVisibilityAuto: true}))
  return wide.slice(0, 3).map(e => e.outerHTML.slice(0, 90))
}"""
IN_LARGE_TYPE = """() => {{ document.documentElement.dataset.size = 'big'
  try {{ return ({})() }} finally {{ delete document.documentElement.dataset.size }} }}"""
# A link in a sentence is as high as its line (WCAG 2.5.8 lets it); a box is pressed by its label.
TOO_SMALL = """() => [...document.querySelectorAll(
    'button, summary, select, textarea, input:not([type=hidden]), a.btn, a.ib, a.chip, nav a, .tabs a')]
  .map(e => /^(checkbox|radio)$/.test(e.type) && e.closest('label') || e)
  .filter(e => !e.classList.contains('sr') && !e.closest('.crumb') && e.offsetParent)
  .filter(e => { const box = e.getBoundingClientRect(); return box.width < 24 || box.height < 24 })
  .map(e => e.outerHTML.slice(0, 90))"""


def faults_of_axe(page: Any, only: list[str], kind: str = "tag") -> list[str]:
    if not page.evaluate("typeof axe !== 'undefined'"):
        page.evaluate(AXE.read_text("utf-8"))
    return page.evaluate(RUN, {"type": kind, "values": only})


def inaccessible(page: Any) -> list[str]:
    """What axe-core finds, in light and in dark."""
    page.emulate_media(reduced_motion="reduce")  # colours change at once
    found = faults_of_axe(page, TAGS)
    page.evaluate("document.documentElement.dataset.theme = 'dark'")
    found += [f"dark {fault}" for fault in faults_of_axe(page, COLOURS, "rule")]
    page.evaluate("delete document.documentElement.dataset.theme")
    return found


def cut_off(page: Any, widths: tuple[int, ...] = WIDTHS) -> list[str]:
    """The widths at which the whole page scrolls sideways, with what sticks out."""
    found = []
    for width in widths:
        page.set_viewport_size({"width": width, "height": 800})
        wide = page.evaluate(TOO_WIDE)
        found += [f"{width} px: {wide}"] if wide is not None else []
        if width == 375:
            found += [f"too small: {each}" for each in page.evaluate(TOO_SMALL)]
            wide = page.evaluate(IN_LARGE_TYPE.format(TOO_WIDE))
            found += [f"375 px, large type: {wide}"] if wide is not None else []
    page.set_viewport_size({"width": 1280, "height": 800})
    return found


class Traffic:
    """What one load of a page brings, by a browser that has been nowhere: requests, and bytes as gzip sends them."""

    def __init__(self, page: Any) -> None:
        self.responses: list[Any] = []
        self.weights: dict[str, int] = {}
        session = page.context.new_cdp_session(page)
        session.send("Network.enable")
        session.send("Network.setCacheDisabled", {"cacheDisabled": True})
        page.on("response", lambda response: self.responses.append(response))

    def weight(self, response: Any) -> int:
        static = "/static/" in response.url
        if not (static and response.url in self.weights):
            self.weights[response.url] = len(gzip.compress(response.body(), 9))
        return self.weights[response.url]

    def faults(self) -> list[str]:
        """What the last page brought too much of; forgets it."""
        loaded, self.responses[:] = [r for r in self.responses if r.status < 300 or r.status >= 400], []
        weights = {r.url: self.weight(r) for r in loaded}
        html = max((weights[r.url] for r in loaded if "/static/" not in r.url), default=0)
        found = [f"{len(loaded)} requests: {list(weights)}"] if len(loaded) > MOST_REQUESTS else []
        found += [f"{sum(weights.values())} bytes: {weights}"] if sum(weights.values()) > MOST_BYTES else []
        return found + ([f"{html} bytes of HTML"] if html > MOST_HTML else [])
