"""Who is responsible for what a community cannot take on: said with every 不受理."""

from __future__ import annotations

import re

HOTLINE = "12345市民热线"
_ELSEWHERE = (
    (("起诉", "官司", "法院", "判决", "仲裁", "执行款"), "人民法院或仲裁机构"),
    (("欠薪", "拖欠工资", "工资", "劳动合同", "加班费"), "劳动保障监察（12333）"),
    (("退款", "假货", "消费", "商家", "快递公司", "预付卡"), "市场监管（12315）"),
    (("信访",), "已受理的信访部门"),
    (("诈骗", "被骗", "小偷", "打架", "报案"), "公安（110）"),
    (("违章停车", "路边停车", "红绿灯", "交通事故"), "交警（122）"),
    (("停电", "电表", "供电", "变压器"), "供电公司（95598）"),
    (("自来水", "水表", "水费", "供水"), "供水公司"),
    (("燃气", "煤气", "天然气"), "燃气公司"),
    (("公交", "地铁", "站台"), "交通运输（12328）"),
    (("宽带", "光纤", "信号", "基站"), "通信运营商"),
    (("医院", "医疗纠纷", "误诊"), "卫生健康（12320）"),
    (("油烟", "废气", "黑臭河", "排污"), "生态环境部门（12345转）"),
)
# The one who declines has already said who it is.
_SAID = re.compile(r"归|由|找|请联系|属于|打电话|热线|\d{5}")


def responsible(reason: str, text: str) -> str:
    """Who to turn to instead, from the reason given and the matter itself; "" when it was said."""
    if _SAID.search(reason):
        return ""
    for told in (reason, text):
        for words, who in _ELSEWHERE:
            if any(word in told for word in words):
                return who
    return HOTLINE
