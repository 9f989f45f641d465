"""Named spots: those that a micro-grid has once (东门), and those of every building (楼道)."""

from __future__ import annotations

import re
from collections.abc import Iterator

# Spots that exist once or a few times in a micro-grid: they say where without a building.
_LANDMARKS = (
    "长廊 连廊 凉亭 亭子 大门 东门 西门 南门 北门 正门 侧门 后门 东大门 西大门 南大门 北大门 "
    "广场 花园 健身角 健身点 健身区 健身器材区 健身广场 儿童乐园 游乐场 篮球场 羽毛球场 操场 "
    "幼儿园 垃圾房 垃圾站 垃圾亭 垃圾分类点 垃圾投放点 地下车库 地库 车库 停车场 配电房 配电间 "
    "水泵房 泵房 河边 池塘 喷泉 小桥 活动室 活动中心 阅览室 棋牌室 快递柜 快递站 菜鸟驿站 "
    "社区卫生站 社区卫生服务站 卫生服务站 卫生站 党群服务中心 便民服务中心 社区服务中心 "
    "中心花园 中央花园 小广场 大广场 南广场 北广场 大草坪 会议室 议事厅 便民驿站 "
    "日间照料中心 居委会 物业办公室 物业服务中心 门卫室 门卫 保安亭 岗亭 传达室 宣传栏 菜场"
)
# Spots that every building has: a building must still be asked for.
_EVERYWHERE = (
    "楼道 楼梯间 楼梯口 楼梯 电梯 东梯 西梯 南梯 北梯 左梯 右梯 货梯 单元门 "
    "门禁 大堂 车棚 楼顶 屋顶 天台 外墙 走廊 架空层 "
    "地下室 电表箱 电表间 水表井 管道井 充电桩 充电站 消防通道 消防栓 垃圾桶 绿化带 草坪 围墙 "
    "小区道路 人行道 主干道 路口 停车位 车位 路边 门口 楼下"
)
# What reads like a spot in other words is none: 部门口径, 广场舞, 西门子, 房东门锁, 玉景花园.
# A pattern stands behind the first character: alternatives that begin with a letter search fast.
_BEFORE = {
    "门口": "(?<![部专热]门)",
    "后门": "(?<!走后)",
    "东门": "(?<![广房股山]东)",
    "西门": "(?<![江陕广山]西)",
    "南门": "(?<![湖河云海]南)",
    "北门": "(?<![湖河]北)",
    "花园": "(?:(?<![\u4e00-\u9fff]花)|(?<=[小后在到的边旁去进往心里侧前幢栋楼]花))",
    "广场": "(?<![万达利]广)",
}
_AFTER = {
    "广场": "(?!舞)",
    "花园": "(?! ?[0-9]|小区|社区)",
    "东门": "(?![店诊街桥洞]|路(?!灯)|饭店|面馆|医院|小学|中学|菜)",
    "西门": "(?![店诊子街桥洞]|路(?!灯)|饭店|面馆|医院|小学|中学|菜)",
    "南门": "(?![店诊街桥洞]|路(?!灯)|饭店|面馆|医院|小学|中学|菜)",
    "北门": "(?![店诊街桥洞]|路(?!灯)|饭店|面馆|医院|小学|中学|菜)",
    "楼下": "(?! ?[0-9]|的?(?:住户|邻居|人家|业主))",
    "门卫": "(?!生)",
    "单元门": "(?!口)",
}
_SAME = {
    "卫生服务站": "社区卫生站",
    "社区卫生服务站": "社区卫生站",
    "卫生站": "社区卫生站",
    "车库": "地库",
    "中心花园": "花园",
    "中央花园": "花园",
    "小广场": "广场",
}
_WEAK = frozenset({"门口", "路边", "楼下"})
_LANDMARK_SET = frozenset(_LANDMARKS.split())
_SPOT_SET = _LANDMARK_SET.union(_EVERYWHERE.split())
_THINGS = frozenset(
    ["电梯", "单元门", "门禁", "外墙", "电表箱", "水表井", "管道井", "消防栓", "垃圾桶", "围墙"]
).union(["充电桩", "车位", "停车位"])
"""Said of a building they are what is broken, not where."""
_KNOWN_ALONE = frozenset(["东梯", "西梯", "车棚", "消防通道", "充电站", "路口", "门口"])
"""Of the spots that every building has those that residents name without a building."""
_GATES = frozenset(
    ["东门", "西门", "南门", "北门", "东大门", "西大门", "南大门", "北大门", "正门", "侧门", "后门"]
)


def _spot_pattern() -> re.Pattern[str]:
    """All spot words, the longest first, the floors of the garage, numbered gates and lifts."""
    words = sorted(_SPOT_SET, key=lambda word: (-len(word), word))
    named = [word[0] + _BEFORE.get(word, "") + word[1:] + _AFTER.get(word, "") for word in words]
    garage = "(?:地下?车?库|车库) ?(?:[Bb]?[12一二][层楼]?(?![0-9幢栋号])|负[一二12][层楼]?)"
    floor = "(?<![A-Za-z0-9素族]%s)[12](?![A-Za-z0-9区])(?:层|地下车库|地库|车库)?"
    floors = ["B" + floor % "B", "b" + floor % "b", "负[一二12][层楼](?:车库)?"]
    numbered = "(?<![0-9第])[1-9一二三四五六七八九]号(?:门(?![诊牌])|梯|电梯)"
    return re.compile("|".join([garage, *floors, numbered, *named]))


_SPOT = _spot_pattern()
_DIGITS = str.maketrans("一二三四五六七八九", "123456789")


def spots(folded: str) -> Iterator[re.Match[str]]:
    """Every spot in a text of half width."""
    return _SPOT.finditer(folded)


def canonical_spot(words: str) -> str:
    """`B1`, `地下车库B1`, `负一层` → `地库B1`; several names of one thing → one name."""
    if words in _SPOT_SET:
        return _SAME.get(words, words)
    if "号" in words:
        return words.translate(_DIGITS)
    return "地库B2" if any(sign in words for sign in "2二") else "地库B1"


def is_landmark(spot: str) -> bool:
    """Whether a spot says where it is in the whole micro-grid, without a building."""
    return spot in _LANDMARK_SET or spot.startswith("地库") or spot.endswith("号门")


def is_weak(spot: str) -> bool:
    """门口, 路边, 楼下: any other spot says more."""
    return spot in _WEAK


def says_where(spot: str, attached: bool) -> bool:
    """Whether a spot (nothing for an address) is a place; alone it must be one that others find."""
    if attached or not spot:
        return spot not in _THINGS
    return is_landmark(spot) or spot in _KNOWN_ALONE


def is_gate(spot: str) -> bool:
    """东门 and its like: 东门口 is the same place."""
    return spot in _GATES
