from __future__ import annotations

from yifa.papers.widths import fitted

LEAST = [4.0, 6.0, 6.0, 4.0]


def test_one_long_cell_is_no_tower_of_two_characters() -> None:
    short = ("一", "积极推进政府法律顾问和公职律师制度", "县司法局、县城市管理局", "")
    long = ("二", "加强行政机关工作人员法律知识培训", "县司法局", "每年至少举办一次行政执法人员培训；" * 3)
    widths = fitted([short] * 30 + [long], LEAST, 40)
    assert sum(widths) == 40 and all(width >= least for width, least in zip(widths, LEAST, strict=True))
    assert widths[3] >= 8  # six lines of the 51 characters, not seventeen
    assert widths[1] > widths[2]  # most room is where all rows need it


def test_a_table_that_fits_shares_the_room() -> None:
    assert fitted([("一", "二")], [4, 4], 10) == [5, 5]
    assert fitted([], [4, 4], 10) == [5, 5]
