"""What somebody needs to count a figure again by himself: the figure, the chains of what it counts, and how it is done."""

from __future__ import annotations

import json
import tempfile
import zipfile
from collections import defaultdict
from datetime import datetime
from itertools import chain
from pathlib import Path
from typing import IO
from uuid import UUID

from django.utils import timezone

from yifa.law.phrases import day
from yifa.ledger.chain.exporting import export
from yifa.ledger.figures.counting import Counted
from yifa.ledger.models import Organization, Subject
from yifa.ledger.refusal import ActionRefused
from yifa.reporting.claims import figure_data

MOST = 5_000  # records behind a figure whose chains are put together while somebody waits
FIGURE, LEDGER, NOTE = "数字.json", "台账摘录.jsonl", "说明.txt"
SUBJECTS = {"case": Subject.CASE, "entry": Subject.ENTRY}
TOLD = """{title}：{shown}
单位：{unit}；期间：{start}至{end}；取出时间：{at:%Y年%-m月%-d日 %H:%M}。

一、{figure}：数字、口径版本、分项和计入的每条记录的摘要。
二、{ledger}：计入的事项、条目（共{things}件）在台账里的全部记录，逐条带摘要，前后相连；另有单位的记录。
三、核算：装好依法程序，在本文件夹里运行

    yifa figure recompute {figure} --ledger {ledger}

程序不连数据库，按当时的口径由记录重新统计，并核对每条记录的摘要。
摘录能证明：这些记录没有被改动，由它们得出的就是这个数。摘录不能证明：没有漏计别的记录；要证明这一点，须用全部台账的导出文件
（由系统管理员运行 yifa ledger export）核算。
摘录含当事人等个人信息，请妥善保管。
"""


def write_proof(file: IO[bytes], counted: Counted, organization: Organization, at: datetime) -> None:
    """Writes the three files as one zip.

    Raises:
        ActionRefused: the figure was not counted, or counts too much to be put together here.
    """
    of_rate = [one for one in (counted.numerator, counted.denominator) if one is not None]
    lists = [one.records for one in of_rate or [counted]]
    count = sum(map(len, lists))
    if counted.status != "counted" or not count:
        raise ActionRefused("这个数字没有计入任何记录，没有可以核算的。", code="empty")
    if count > MOST:
        raise ActionRefused(
            f"这个数字计入{count}条，超过{MOST}条，网页上不打包。请选一个下级单位，或者短一些的期间；"
            "也可以请系统管理员在服务器上运行 yifa figure show 和 yifa ledger export。",
            code="many",
        )
    chains: dict[str, set[UUID]] = defaultdict(set)
    for record in chain.from_iterable(lists):
        if record.kind in SUBJECTS:  # the chains of organizations go with every extract
            chains[SUBJECTS[record.kind]].add(record.id)
    data = figure_data(counted, organization, at)
    shown = data["figures"][0]
    note = TOLD.format(
        title=shown["title"], shown=shown["shown"], unit=organization.name, start=day(counted.start), end=day(counted.end),
        at=timezone.localtime(at), figure=FIGURE, ledger=LEDGER, things=sum(map(len, chains.values())),
    )  # fmt: skip
    with tempfile.TemporaryDirectory() as folder, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        ledger = Path(folder) / LEDGER
        export(ledger, only={subject: list(ids) for subject, ids in chains.items()})
        packed.writestr(FIGURE, json.dumps(data, ensure_ascii=False, default=str))
        packed.write(ledger, LEDGER)
        packed.writestr(NOTE, note)
