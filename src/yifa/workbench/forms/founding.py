"""What the pages ask that make a body of an empty installation: the body itself, its units, its people."""

from __future__ import annotations

from typing import Any

from django import forms

from yifa.law.loader import catalogue
from yifa.workbench.forms.cellgrid import Column
from yifa.workbench.forms.divisions import close_to, divisions, find_division
from yifa.workbench.forms.look import StyledForm, SuggestingInput

UNITS = (
    Column("name", "单位名称", ("单位", "名称", "部门", "部门名称", "机构名称", "单位全称")),
    Column("short_name", "简称", ("单位简称",)),
    Column("level", "层级", ("单位类别", "类别", "单位性质"), "不填时按名称判断"),
    Column("parent", "上级单位", ("上级", "主管部门", "主管单位"), "直属本级的不填"),
    Column("code", "代码", ("单位代码", "编码"), "不填时自动编"),
    Column("document_code", "机关代字", ("代字",), "用于文书编号，可不填"),
)
PEOPLE = (
    Column("display_name", "姓名", ("人员姓名", "名字")),
    Column("username", "登录名", ("用户名", "账号"), "字母、数字；不填时自动编"),
    Column("unit", "所在单位", ("单位", "单位名称", "部门", "工作单位"), "在本级的不填"),
    Column("roles", "角色", ("职责", "权限"), "多个用顿号隔开；不填为承办人"),
)


class BodyForm(StyledForm):
    """The body itself."""

    name = forms.CharField(
        label="单位全称", max_length=120, help_text="例如 澜亭县人民政府。", error_messages={"required": "请填写单位全称。"}
    )  # fmt: skip
    short_name = forms.CharField(label="简称", max_length=60, required=False, help_text="例如 澜亭县。")
    level = forms.ChoiceField(label="层级", help_text="决定有哪些事项和清单；本级没有的职权不会出现。")
    region = forms.CharField(
        label="行政区划",
        required=False,
        max_length=80,
        help_text="输入县区名称后从列表里选；列表里没有的写名称和六位代码。开发区、乡镇填所在县区。",
    )
    jurisdiction = forms.ChoiceField(
        label="地方规定", required=False, help_text="适用哪里的地方性规定；不选时按行政区划判断。"
    )
    document_code = forms.CharField(
        label="机关代字", max_length=20, required=False, help_text="用于文书编号，例如 澜政。"
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = catalogue()
        self.fields["level"].choices = [(key, one.title) for key, one in known.levels.items()]  # type: ignore[attr-defined]
        places = [
            ("", "按行政区划判断"),
            ("none", "不适用"),
            *((k, j.title) for k, j in known.jurisdictions.items()),
        ]
        self.fields["jurisdiction"].choices = places  # type: ignore[attr-defined]
        widget = SuggestingInput(lambda: [(one.written, "") for one in divisions().values()])
        widget.attrs["class"] = "form-control"
        self.fields["region"].widget = widget

    def clean_region(self) -> str:
        """A division that is known, or one with its code."""
        written = str(self.cleaned_data["region"])
        if not written:
            return ""
        one = find_division(written)
        if one is None:
            near = "、".join(division.written for division in close_to(written))
            raise forms.ValidationError(
                f"不能确定是哪里。是不是：{near}？"
                if near
                else "没有找到。请写名称和六位代码，例如 某县（511124）。"
            )
        return one.written


def local_rules(region: str) -> str:
    """The jurisdiction of a division: the city's own rules before the province's; empty where there are none."""
    one = find_division(region)
    if one is None:
        return ""
    titles = {jurisdiction.title: key for key, jurisdiction in catalogue().jurisdictions.items()}
    names = [
        divisions()[code].name for code in (f"{one.code[:4]}00", f"{one.code[:2]}0000") if code in divisions()
    ]
    return next((titles[name] for name in names if name in titles), "")
