"""A good word about somebody who works for the neighbourhood: praise, not mere thanks. Pure."""

from __future__ import annotations

import re

LONGEST = 200
_WHO = (
    r"(?:物业|保洁|保安|门卫|师傅|管家|网格员|网格长|社区|居委|志愿者|先锋|民警|医生|护士|电工|水工"
    r"|维修|快递|工作人员|小区|党员|书记|主任|阿姨|大叔|叔叔|小伙|小哥|邻居)"
)
_WORD = (
    r"(?:表扬|点赞|点个赞|点一个赞|竖大拇指|送锦旗|写感谢信|值得学习|太负责|很负责|真负责|非常负责"
    r"|好人好事|活雷锋|热心肠)"
)
_PRAISE = re.compile(rf"{_WORD}.{{0,30}}{_WHO}|{_WHO}.{{0,30}}{_WORD}")
_NOT = re.compile(
    r"不|没|别|怎么|为什么|投票|点赞(?:有礼|送|领|满|集|数|转发)|集赞|求点赞|请点赞|帮忙点|帮我点|👎"
    r"|呵呵|垃圾.{0,6}(?:满|堆)|真是好[呀啊]"
)


def is_praise(text: str) -> bool:
    """要表扬一下3幢的保洁阿姨. Irony, votes and collecting likes are none."""
    return len(text) <= LONGEST and _PRAISE.search(text) is not None and _NOT.search(text) is None
