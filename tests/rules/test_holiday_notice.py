"""The yearly notice, read as it is printed: three real years in short, and what is no notice."""

from __future__ import annotations

from importlib.resources import files

import pytest

from bot.errors import ImportFault
from bot.rules.holiday_notice import read_notice
from bot.rules.workdays import read_tables

SHIPPED = read_tables(files("bot").joinpath("data", "workdays.json").read_bytes())

NOTICES = {
    2024: """国务院办公厅关于2024年部分节假日安排的通知
一、元旦：1月1日放假，与周末连休。
二、春节：2月10日至17日放假调休，共8天。2月4日（星期日）、2月18日（星期日）上班。
三、清明节：4月4日至6日放假调休，共3天。4月7日（星期日）上班。
四、劳动节：5月1日至5日放假调休，共5天。4月28日（星期日）、5月11日（星期六）上班。
五、端午节：6月10日放假，与周末连休。
六、中秋节：9月15日至17日放假调休，共3天。9月14日（星期六）上班。
七、国庆节：10月1日至7日放假调休，共7天。9月29日（星期日）、10月12日（星期六）上班。
节假日期间，各地区、各部门要妥善安排好值班和安全、保卫等工作。""",
    2025: """关于2025年部分节假日安排的通知
一、元旦：1月1日（周三）放假1天，不调休。
二、春节：1月28日（农历除夕、周二）至2月4日（农历正月初七、周二）放假调休，共8天。1月26日（周日）、2月8日（周六）上班。
三、清明节：4月4日（周五）至6日（周日）放假，共3天。
四、劳动节：5月1日（周四）至5日（周一）放假调休，共5天。4月27日（周日）上班。
五、端午节：5月31日（周六）至6月2日（周一）放假，共3天。
六、国庆节、中秋节：10月1日（周三）至8日（周三）放假调休，共8天。9月28日（周日）、10月11日（周六）上班。""",
    2026: """国务院办公厅关于2026年部分节假日安排的通知

一、元旦：1月1日（周四）至3日（周六）放假调休，共3天。1月4日（周日）上班。
二、春节：2月15日（农历腊月二十八、周日）至23日（农历正月初七、周一）放假调休，共9天。2月14日（周六）、2月28日（周六）上班。
三、清明节：4月4日（周六）至6日（周一）放假，共3天。
四、劳动节：5月1日（周五）至5日（周二）放假调休，共5天。5月9日（周六）上班。
五、端午节：6月19日（周五）至21日（周日）放假，共3天。
六、中秋节：9月25日（周五）至27日（周日）放假，共3天。
七、国庆节：10月1日（周四）至7日（周三）放假调休，共7天。9月20日（周日）、10月10日（周六）上班。""",
}


@pytest.mark.parametrize("year", NOTICES)
def test_a_notice_gives_the_shipped_table(year: int) -> None:
    (found,) = read_notice(NOTICES[year]).items()
    assert found[0] == year
    shipped = SHIPPED[year]
    weekday_off = {day for day in found[1].holidays if day.weekday() < 5}
    assert weekday_off == {day for day in shipped.holidays if day.weekday() < 5}
    assert found[1].workdays == sorted(shipped.workdays)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "没有找到"),
        ("2026年的工作安排", "没有找到"),
        ("关于2027年部分节假日安排的通知\n一、元旦：1月1日放假。", "只读出1个"),
        (NOTICES[2025].replace("5月1日（周四）至5日", "5月5日至1日"), "劳动节"),
        (NOTICES[2025].replace("4月4日（周五）至6日（周日）", ""), "清明节"),
        (NOTICES[2025].replace("1月1日（周三）", "1月32日"), "元旦"),
    ],
)
def test_what_is_no_notice_is_told(text: str, complaint: str) -> None:
    with pytest.raises(ImportFault, match=complaint):
        read_notice(text)
