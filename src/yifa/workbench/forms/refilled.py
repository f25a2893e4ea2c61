"""A page with what somebody had typed put back into its form. Nothing is sent: that takes a new press."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

CONTROLS = "input[name], select[name], textarea[name]"
NEVER = {"password", "file", "submit", "button", "image", "reset"}
CHOSEN = {"checkbox", "radio"}
_NOT_TYPED = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|[a-z_]*|\d{1,3}")

Values = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Refilled:
    """A page after it; `left`: what had no place on it, to be read and copied."""

    tree: LexborHTMLParser
    form: LexborNode | None
    left: tuple[str, ...]

    def with_notice(self, notice: str) -> str:
        """The page with a notice at the head of the form, or of the page where there is no form."""
        place = self.form or self.tree.css_first("#notices") or self.tree.css_first("main")
        inside = LexborHTMLParser(notice).body
        if place is not None and inside is not None:
            for node in reversed(list(inside.iter())):
                place.insert_before(node)
        return self.tree.html or ""


def refill(html: str, address: str, values: Values) -> Refilled:
    """Put values back into the form that sends to an address, else into the one that asks for most of them."""
    tree = LexborHTMLParser(html)
    form = _form(tree, address, values)
    waiting = {name: list(given) for name, given in values.items()}
    if form is not None:
        for control in _controls(tree, form):
            _put(control, waiting)
    left = (value for given in waiting.values() for value in given if not _NOT_TYPED.fullmatch(value))
    return Refilled(tree, form, tuple(left))


def _form(tree: LexborHTMLParser, address: str, values: Values) -> LexborNode | None:
    """The form meant: of those that send there the one whose hidden values agree, then who asks for most."""
    best: tuple[tuple[int, int, int], LexborNode] | None = None
    for form in tree.css("main form[method=post]"):
        asked = {one.attributes.get("name") or "" for one in _controls(tree, form)}
        known = len(asked & values.keys())
        score = (int(_sends_to(form, address)), _agreeing(tree, form, values), known)
        if (score[0] or known > len(values) // 2) and (best is None or score > best[0]):
            best = score, form
    return best[1] if best else None


def _sends_to(form: LexborNode, address: str) -> bool:
    given = [form.attributes.get("action") or form.attributes.get("hx-post") or address]
    given += [button.attributes.get("formaction") or "" for button in form.css("[formaction]")]
    return any(urlsplit(one).path in {urlsplit(address).path, ""} for one in given if one)


def _agreeing(tree: LexborHTMLParser, form: LexborNode, values: Values) -> int:
    hidden = [one for one in _controls(tree, form) if one.attributes.get("type") == "hidden"]
    return sum(
        (one.attributes.get("value") or "") in values.get(one.attributes["name"] or "", ()) for one in hidden
    )


def _controls(tree: LexborHTMLParser, form: LexborNode) -> list[LexborNode]:
    inside = form.css(CONTROLS)
    named = form.attributes.get("id")
    outside = [one for one in tree.css(CONTROLS) if named and one.attributes.get("form") == named]
    return [one for one in inside + outside if one.attributes.get("name") != "csrfmiddlewaretoken"]


def _put(control: LexborNode, waiting: dict[str, list[str]]) -> None:
    """Take from what waits what belongs into a control."""
    name, kind = control.attributes["name"] or "", (control.attributes.get("type") or "text").lower()
    given = waiting.get(name, [])
    if control.tag == "select":
        _choose(control, given)
    elif control.tag == "input" and kind in CHOSEN:
        value = control.attributes.get("value") or "on"
        _mark(control, "checked", value in given)
        _take(given, value)
    elif control.tag == "input" and kind == "hidden":
        if given and not control.attributes.get("value"):
            control.attrs["value"] = given[0]
        del given[:1]
    elif kind not in NEVER and given:
        _write(control, given.pop(0))


def _choose(control: LexborNode, given: list[str]) -> None:
    options = control.css("option")
    offered = {_value(option) for option in options}
    if not offered & set(given):
        return
    for option in options:
        value = _value(option)
        _mark(option, "selected", value in given)
    given[:] = [one for one in given if one not in offered]


def _value(option: LexborNode) -> str:
    value = option.attributes.get("value")
    return option.text() if value is None else value


def _mark(control: LexborNode, what: str, wanted: bool) -> None:
    if wanted:
        control.attrs[what] = ""
    elif what in control.attributes:
        del control.attrs[what]


def _take(given: list[str], value: str) -> None:
    if value in given:
        given.remove(value)


def _write(control: LexborNode, text: str) -> None:
    if control.tag != "textarea":
        control.attrs["value"] = text
        return
    for child in list(control.iter(include_text=True)):
        child.decompose()
    control.insert_child(f"\n{text}" if text.startswith("\n") else text)
