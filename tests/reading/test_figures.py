"""Figures one by one: what is a quantity, its value, how exactly it is given, and what is none."""

from __future__ import annotations

import pytest

from yifa.reading.document import Approx, Figure
from yifa.reading.figures import figures
from yifa.reading.outline import Sections, outline


def found(text: str) -> list[Figure]:
    return figures(text, Sections(outline(text)))


def brief(text: str) -> list[tuple[str, float, str, str]]:
    return [(item.text, item.value, item.approx.value, item.unit) for item in found(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("检查近480批次", [("480批次", 480, "nearly", "批次")]),
        ("超过600项", [("600项", 600, "over", "项")]),
        ("共180余种文书", [("180余种", 180, "over", "种")]),
        ("罚没190万余元", [("190万余元", 1_900_000, "over", "元")]),
        ("办件4.46万个", [("4.46万个", 44_600, "exact", "个")]),
        ("动员500多名党员", [("500多名", 500, "over", "名")]),
        ("降低20%以上", [("20%", 20, "over", "%")]),
        ("应当降低20%以上", [("20%", 20, "at_least", "%")]),
        ("逾20万元", [("20万元", 200_000, "over", "元")]),
        ("走访3千余家企业", [("3千余家", 3000, "over", "家")]),
        ("受理1.6万余宗", [("1.6万余宗", 16_000, "over", "宗")]),
        ("约22000余条信息", [("22000余条", 22_000, "about", "条")]),
        ("培训10件12人", [("10件", 10, "exact", "件"), ("12人", 12, "exact", "人")]),
        ("处置618宗26621平方米", [("618宗", 618, "exact", "宗"), ("26621平方米", 26621, "exact", "平方米")]),
        ("聘请两名律师", [("两名", 2, "exact", "名")]),
        ("核减概算六千余万元", [("六千余万元", 60_000_000, "over", "元")]),
        ("七成以上村居", [("七成", 7, "over", "成")]),
        ("化解近百件纠纷", [("百件", 100, "nearly", "件")]),
        ("投资10多亿元", [("10多亿元", 1_000_000_000, "over", "元")]),
        ("不少于2次", [("2次", 2, "at_least", "次")]),
        ("不超过10分钟", [("10分钟", 10, "at_most", "分钟")]),
        ("在24小时内报告", [("24小时", 24, "at_most", "小时")]),
        ("提高4.4个百分点", [("4.4个百分点", 4.4, "exact", "个百分点")]),
        ("浓度30微克/立方米", [("30微克/立方米", 30, "exact", "微克/立方米")]),
        ("再培树2-3个站点", [("2-3个", 2, "about", "个")]),
        ("增长百分之八十五点五", [("百分之八十五点五", 85.5, "exact", "%")]),
        ("分别增长9.9%和8.5%", [("9.9%", 9.9, "exact", "%"), ("8.5%", 8.5, "exact", "%")]),
        ("分别提高6.5和2.3个百分点", [("6.5", 6.5, "exact", "个百分点"), ("2.3个百分点", 2.3, "exact", "个百分点")]),
        ("没有发生1起案件", [("1起", 0, "exact", "起")]),
        ("制定制度六大类，30余项", [("六大类", 6, "exact", "类"), ("30余项", 30, "over", "项")]),
        ("领导干部每季度学法一次", [("一次", 1, "exact", "次")]),
        ("办理3,200件", [("3,200件", 3200, "exact", "件")]),
        ("惠及8000万纳税人", [("8000万", 80_000_000, "exact", "人")]),
        ("生产总值2.38万亿元", [("2.38万亿元", 2_380_000_000_000, "exact", "元")]),
        ("涉及47家乡镇卫生院", [("47家", 47, "exact", "家")]),
        ("提供法律服务的3起诉讼", [("3起", 3, "exact", "起")]),
        ("占全省的1/4左右", [("1/4", 0.25, "about", "")]),
        ("办理64.71万件", [("64.71万件", 647_100, "exact", "件")]),
        ("受理0件", [("0件", 0, "exact", "件")]),
    ],
)  # fmt: skip
def test_quantities(text: str, expected: list[tuple[str, float, str, str]]) -> None:
    assert brief(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "履行第一责任人职责", "办好一件事一次办", "落实三项制度", "推行双随机、一公开", "构建1+6+31+N体系", "拨打12345热线",
        "持续强化“1211”推进机制", "24小时自助服务",
        "设立24小时“不打烊”区", "最多跑一次改革", "一次性告知", "2019年12月12日",
        "国办发〔2018〕37号", "第二批清单", "学习十九届四中全会精神", "369互联网创新基地", "政务服务“五个进一步”要求",
        "没有一宗案件被投诉",
        "三大攻坚战", "坚持两个维护", "一级抓一级", "《清单（共3件）》", "西湾公园二期工程", "两位数增长",
        "千家万户",
        "六届十一次、十二次全会", "PM2.5平均浓度", "世界500强企业", "四个方面", "一村一法律顾问", "5G基站", "第三季度",
        "开展检查*次", "培训x名", "排名前10位", "近年来", "十四五规划", "1.加强领导", "三位一体",
        "联系电话0755-12345678", "百名律师进百村",
    ],
)  # fmt: skip
def test_names_slogans_and_dates_are_no_quantities(text: str) -> None:
    assert brief(text) == []


def test_the_floor_is_carried_along_a_list() -> None:
    approximations = [
        item.approx for item in found("全年至少举办4次学法，1次讲座，并开展2次测试。另开展1次检查。")
    ]
    assert approximations == [Approx.AT_LEAST, Approx.AT_LEAST, Approx.EXACT, Approx.EXACT]


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("655件", 655, 655),
        ("29%", 28.5, 29.5),
        ("1.55万亿元", 1.545e12, 1.555e12),
        ("10余个", 10, 20),
        ("18000余件", 18000, 19000),
        ("近90篇", 80, 90),
        ("5.5倍", 5.45, 5.55),
        ("2-3个", 2, 3),
        ("不超过10天", 0, 10),
        ("不少于4次", 4, float("inf")),
    ],
)
def test_intervals(text: str, low: float, high: float) -> None:
    figure = found(text)[0]
    assert (figure.low, figure.high) == pytest.approx((low, high))


@pytest.mark.parametrize(
    ("text", "subject"),
    [
        ("全区共有行政处罚案卷655件，", "行政处罚案卷"),
        ("其中环保行政处罚案件12件；", "环保行政处罚案件"),
        ("全年共组织4次领导干部学法活动，", "领导干部学法活动"),
        ("平安创建知晓率90%、", "平安创建知晓率"),
        ("共受理信访案件122宗，", "受理信访案件"),
        ("安排综合治理经费100余万元，", "安排综合治理经费"),
        ("行政处罚案件，共655件。", "行政处罚案件"),
        ("查处不法行为12起。", "查处不法行为"),
        ("涉及35家单位和23个乡镇。", "单位"),
        ("培训150名“法律明白人”骨干。", "法律明白人"),
        ("受理行政不作为2件。", "受理行政不作为"),
        ("签约12家。", "签约"),
        ("每次学习时间不少于2小时。", "每次学习时间"),
        ("2019年办理投诉200余件，", "办理投诉"),
    ],
)
def test_subjects(text: str, subject: str) -> None:
    assert found(text)[0].subject == subject


def test_sections() -> None:
    text = "一、主要工作\n（一）执法。办案12件。\n1.检查。检查3次。\n二、问题\n培训2场。\n"
    assert [(item.text, item.section) for item in found(text)] == [
        ("12件", "一/(一)"),
        ("3次", "一/(一)/1"),
        ("2场", "二"),
    ]
