"""docs/reference/check-rules.md, written from the rules themselves."""

from __future__ import annotations

from yifa.checking.rules import RULES

_HEAD = """# 体检规则

`yifa check` 对报告和计划逐条核对。每条规则只说看得准的：拿不准的不提出。
错误是文件自身可以证明的差错，提醒是应当核对的疑点，提示是可以写得更实的地方。

本页由 `yifa.checking.reference` 根据规则生成，请不要手改。

| 规则 | 级别 | 说什么 |
|---|---|---|
"""


def rules_page() -> str:
    """The whole page: a table of the rules, then a paragraph on each."""
    rows = "".join(
        f"| [`{rule.id}`](#{_anchor(rule.id)}) | {rule.severity.label} | {rule.title} |\n" for rule in RULES
    )
    parts = "".join(
        f"\n## {rule.id}\n\n**{rule.title}**（{rule.severity.label}）\n\n{rule.explanation}\n"
        for rule in RULES
    )
    return _HEAD + rows + parts


def _anchor(rule_id: str) -> str:
    """The anchor that GitHub gives a heading: dots fall away."""
    return rule_id.replace(".", "")
