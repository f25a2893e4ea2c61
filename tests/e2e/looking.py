"""Looking at a page as a whole: rules of accessibility (axe-core), words that are not Chinese, its width."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page

AXE = Path(__file__).parents[2] / ".cache" / "frontend" / "axe.min.js"
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]  # WCAG 2.1 AA
RUN = """([where, only]) => axe.run(where === "fresh" ? { include: window.fresh } : document, {
  runOnly: only, resultTypes: ["violations"]
}).then((found) => found.violations.flatMap((one) => one.nodes.map((node) =>
  `${one.id}: ${node.target.join(" ")} ${node.html.slice(0, 90)} ${
    [...node.any, ...node.all, ...node.none].map((check) => check.message).slice(0, 1)}`)))"""
# Whatever holds text and looks as nothing before it: its marks and those of all it stands in decide over its colours.
FRESH = """(seen) => {
  const known = new Set(seen), looks = [];
  const unmarked = /^(id|href|name|for|value|title|lang|action|src|aria-(label|labelledby|describedby|controls)|hx-.*)$/;
  const look = (one) => one.tagName + (one.tagName === "TR" ? [...one.parentNode.children].indexOf(one) % 2 : "") +
    [...one.attributes].filter((at) => !unmarked.test(at.name) && at.value.length < 120).map((at) => `${at.name}=${at.value}`);
  const chains = new Map();
  const chain = (one) => {
    if (!one) return "";
    if (!chains.has(one)) chains.set(one, `${chain(one.parentElement)}>${look(one)}`);
    return chains.get(one);
  };
  axe.configure({ rules: [{ id: "color-contrast", selector: "[data-fresh]" }] });
  window.fresh = [...document.body.querySelectorAll("*")].filter((one) => {
    const text = [...one.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim());
    if (!text && !one.matches("input, select, textarea") || !one.checkVisibility() || known.has(chain(one))) return false;
    known.add(chain(one));
    looks.push(chain(one));
    return true;
  });
  window.fresh.forEach((one) => one.setAttribute("data-fresh", ""));
  return looks;
}"""
CONTRAST = "color-contrast"
# What is read on a page: texts, not those that show code or data as it is stored; and what is read aloud or hovers.
READ = """() => {
  const found = [document.title];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const at = walk.currentNode.parentElement;
    if (!at.closest("script, style, svg, code, pre, textarea, .y-mono, [data-as-stored]")) found.push(walk.currentNode.data);
  }
  document.querySelectorAll("[aria-label], [placeholder], [alt]").forEach((one) =>
    ["aria-label", "placeholder", "alt"].forEach((name) => found.push(one.getAttribute(name) || "")));
  return found;
}"""
WORD = re.compile(r"[A-Za-z][A-Za-z'-]*[A-Za-z]")
FOREIGN = {  # what officials themselves write so: programs, kinds of files, measures, names of algorithms
    *(
        "Excel",
        "Word",
        "WPS",
        "PDF",
        "OFD",
        "CSV",
        "JSON",
        "Yifa",
        "yifa",
        "Chrome",
        "Edge",
        "Firefox",
        "Linux",
    ),
    *(
        "docx",
        "doc",
        "wps",
        "xlsx",
        "xls",
        "et",
        "csv",
        "txt",
        "pdf",
        "ofd",
        "UTF",
        "GB",
        "MB",
        "KB",
        "SM",
        "SHA",
    ),
    *("Esc", "Enter", "Tab", "Ctrl", "Shift", "Alt"),
    *("GH", "CG", "XX", "zhangsan"),  # examples: of a number, a code, a blank, an account
}


@pytest.fixture
def watched(window: Callable[[], Page]) -> Page:
    """A window whose every page carries the program that looks for violations."""
    if not AXE.exists():
        pytest.skip("没有 axe-core：无障碍测试跳过（python tools/frontend.py --dev）")
    page = window()
    page.emulate_media(reduced_motion="reduce")  # colours in passing are not looked at
    page.add_init_script(path=AXE)  # once, not sent with each page; the policy of the pages does not bind it
    return page


def violations(page: Page, seen: set[str]) -> list[str]:
    """What breaks WCAG 2.1 AA, and what cannot be read in light or dark.

    Colours are most of the work: they are looked at where a page shows what was not `seen` on pages before it.
    """
    dress(page, "light")
    fresh: list[str] = page.evaluate(FRESH, list(seen))
    seen.update(fresh)
    found: list[str] = page.evaluate(RUN, ["document", {"type": "tag", "values": WCAG}])
    if fresh:
        dress(page, "dark")
        wrong: list[str] = page.evaluate(RUN, ["fresh", {"type": "rule", "values": [CONTRAST]}])
        found += [f"dark {one}" for one in wrong]
        dress(page, "light")
    return found


def dress(page: Page, theme: str) -> None:
    """Light or dark, at once."""
    page.evaluate("(theme) => document.documentElement.setAttribute('data-bs-theme', theme)", theme)


def strange_words(page: Page, known: set[str]) -> set[str]:
    """Latin words on a page that neither officials write so nor are data."""
    texts: list[str] = page.evaluate(READ)
    return {word for text in texts for word in WORD.findall(text)} - FOREIGN - known


STACKED = """() => [...document.querySelectorAll("main .table tbody td")].filter((cell) => {
  const style = getComputedStyle(cell), size = parseFloat(style.fontSize);
  const room = cell.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
  return cell.checkVisibility() && Math.max(...cell.innerText.split("\\n").map((line) => line.length)) >= 8 && room < 3.5 * size;
}).map((cell) => cell.innerText.trim().slice(0, 12))"""


def stacked(page: Page) -> list[str]:
    """Texts of cells so narrow that their ideographs stand nearly one to a line."""
    found: list[str] = page.evaluate(STACKED)
    return found


def on_a_phone(page: Page) -> list[str]:
    """What is wrong with a page in a window 420 wide; the window is as before when it comes back."""
    before = page.viewport_size
    assert before is not None
    page.set_viewport_size({"width": 420, "height": before["height"]})
    # a chart follows its window with the next frame
    page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    wrong = [f"stacked at 420: {text}" for text in stacked(page)]
    if over := overflow(page):
        wrong.append(f"{over} px wider than a window of 420")
    page.set_viewport_size(before)
    return wrong


def overflow(page: Page) -> int:
    """By how much a page is wider than its window."""
    width: int = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return width
