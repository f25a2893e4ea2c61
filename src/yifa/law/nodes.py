"""From a YAML file to plain data, with the line of every key kept and nothing forgiven.

Differences from plain YAML: keys are always text (`on:` stays "on"), a key written twice is an error, and so are
tabs, several documents and merge keys.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from yifa.law.errors import YifaError

Place = tuple[str | int, ...]
_MOST_PARTS = 200_000  # far more than any real file; references can make a small file huge


class YamlError(YifaError):
    """A file is not proper YAML. `line` counts from 1; `place` is the key nearest to the fault."""

    code = "yaml"

    def __init__(self, path: Path, line: int, what: str, place: Place = ()) -> None:
        self.path, self.line, self.what, self.place = path, line, what, place
        super().__init__(f"{path.name} 第 {line} 行：{what}")


@dataclass(frozen=True)
class Text:
    """The data of a file and where each part of it stands."""

    path: Path
    data: Any
    lines: dict[Place, int] = field(repr=False)

    def line(self, place: Place) -> int:
        """The line of a place, or of the nearest part around it that is written down."""
        while place and place not in self.lines:
            place = place[:-1]
        return self.lines.get(place, 1)

    @staticmethod
    def key(place: Place) -> str:
        """The place as people write it: `acts.receive.after[0]`."""
        key = ""
        for part in place:
            key += f"[{part}]" if isinstance(part, int) else f".{part}" if key else part
        return key


def read_yaml(path: Path) -> Text:
    """Read one file. Raises YamlError."""
    try:
        content = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        raise YamlError(path, line, "文件不是 UTF-8 编码，请用编辑器另存为 UTF-8") from None
    except OSError:
        raise YamlError(path, 1, "文件读不出来，请检查它是否存在、有没有读权限") from None
    return parse_yaml(path, content)


def parse_yaml(path: Path, content: str) -> Text:
    """The same for text already in hand; `path` only names it."""
    _refuse_tabs(path, content)
    loader = yaml.CSafeLoader(content)
    try:
        node = loader.get_single_node()
        if node is None:
            raise YamlError(path, 1, "文件是空的")
        reader = _Reader(path, loader)
        return Text(path, reader.value(node, ()), reader.lines)
    except yaml.MarkedYAMLError as error:
        raise _syntax_error(path, error) from None
    except yaml.YAMLError as error:
        # the reader of characters: it stops before there are lines
        line = content.encode()[: getattr(error, "position", None) or 0].count(b"\n") + 1
        raise YamlError(path, line, "有不可见的控制字符，请删去后用 UTF-8 另存") from None
    except RecursionError:
        raise YamlError(path, 1, "嵌套太深") from None
    finally:
        loader.dispose()


def _refuse_tabs(path: Path, content: str) -> None:
    for number, line in enumerate(content.split("\n"), start=1):
        if "\t" in line[: len(line) - len(line.lstrip())]:
            raise YamlError(path, number, "行首缩进用了制表符（Tab），请改为空格")


def _syntax_error(path: Path, error: yaml.MarkedYAMLError) -> YamlError:
    mark = error.problem_mark or error.context_mark
    line = mark.line + 1 if mark else 1
    problem = error.problem or ""
    if "expected a single document" in (error.context or ""):
        return YamlError(path, line, "一个文件只能有一份内容，请去掉中间的“---”")
    hints = {
        "mapping values are not allowed": "一行里有两个冒号，含冒号的文字请加引号",
        "could not find expected ':'": "键后面缺冒号，或冒号后缺空格",
        "did not find expected key": "缩进不齐，或上一行的引号、括号没有配对",
        "did not find expected ',' or": "方括号、花括号没有配对，或各项之间缺逗号",
        "found unexpected end of stream": "引号没有配对",
        "cannot start any token": "文字以特殊符号开头，请加引号",
        "found undefined alias": "引用（*）的锚点（&）没有定义；文字以 * 开头的请加引号",
        "control characters are not allowed": "有不可见的控制字符，请删去后用 UTF-8 另存",
    }
    otherwise = "这里不合 YAML 的写法；文字含符号的请加引号，对照样例改"
    hint = next((h for words, h in hints.items() if words in problem), otherwise)
    return YamlError(path, line, hint)


class _Reader:
    """Turns nodes into data, noting lines."""

    def __init__(self, path: Path, loader: yaml.CSafeLoader) -> None:
        self.path = path
        self.loader = loader
        self.lines: dict[Place, int] = {}
        self.around: set[int] = set()  # nodes we are inside of: an anchor may be used, but not within itself

    def value(self, node: yaml.Node, place: Place) -> Any:
        self.lines.setdefault(place, node.start_mark.line + 1)
        if len(self.lines) > _MOST_PARTS:
            raise YamlError(
                self.path, node.start_mark.line + 1, "内容太多，读不下去；引用（*）是否层层套用？"
            )
        if isinstance(node, yaml.ScalarNode):
            return self.scalar(node, place)
        if id(node) in self.around:
            raise YamlError(self.path, self.lines[place], "引用（*）套住了自己", place)
        self.around.add(id(node))
        if isinstance(node, yaml.SequenceNode):
            data: Any = [self.value(item, (*place, i)) for i, item in enumerate(node.value)]
        else:
            data = self.mapping(node, place)
        self.around.discard(id(node))
        return data

    def scalar(self, node: yaml.ScalarNode, place: Place) -> Any:
        if node.tag == "tag:yaml.org,2002:str":
            return node.value
        try:
            return self.loader.construct_object(node)
        except ValueError:
            what = f"“{node.value}”不是一个真实的日期，应写成 2024-01-31 的样子"
        except yaml.constructor.ConstructorError:
            what = f"不认识的标记 {node.tag}，请删去"
        raise YamlError(self.path, node.start_mark.line + 1, what, place)

    def mapping(self, node: yaml.Node, place: Place) -> dict[str, Any]:
        data: dict[str, Any] = {}
        for key_node, value_node in node.value:
            line = key_node.start_mark.line + 1
            if not isinstance(key_node, yaml.ScalarNode):
                raise YamlError(self.path, line, "键应是文字；含 {、[ 的文字请加引号", place)
            key = str(key_node.value)
            here = (*place, key)
            if key in data:
                raise YamlError(self.path, line, f"键 {key} 写了两次，前一次在第 {self.lines[here]} 行", here)
            self.lines[here] = line
            data[key] = self.value(value_node, here)
        return data
