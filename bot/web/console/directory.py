"""What the pages about people and groups share: names of things, lists as people type them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.channels.registry import KINDS
from bot.engine.context import Scene
from bot.models import CONSOLE, Event, GroupState, Role
from bot.rules.permissions import ROLE_NAMES, STAFF
from bot.services.roster_table import LISTENS

GROUP_STATES = {
    GroupState.PENDING: ("等绑定", "waiting"),
    GroupState.BOUND: ("在用", "done"),
    GroupState.CLOSED: ("已解绑", "still"),
}
FIELDS = {
    "name": "名字",
    "role": "身份",
    "area": "网格",
    "unit": "单位",
    "serves": "能帮的事",
    "home": "楼幢",
    "accounts": "别的账号",
    "state": "状态",
    "listen": "听法",
    "names": "叫法",
    "tags": "标签",
    "buildings": "管哪些楼",
    "places": "地名",
    "phone": "电话",
    "note": "说明",
}
_OTHERS = {"sandbox": "模拟器", CONSOLE: "只用管理台"}


def channel_label(channel: str) -> str:
    """企业微信自建应用（main）; those of the console alone have no chat account."""
    kind, _, name = channel.partition("/")
    known = KINDS.get(kind)
    title = known.capabilities.title if known is not None else _OTHERS.get(kind, kind)
    return f"{title}（{name}）" if name else title


def role_tone(role: Role) -> str:
    """The colour of a role's dot."""
    if role in STAFF:
        return "working"
    return "still" if role is Role.RESIDENT else "done"


def told(name: str, value: str) -> str:
    """A field of a line of history as one reads it."""
    words: Mapping[str, str] = {
        "role": {str(role): word for role, word in ROLE_NAMES.items()},
        "state": {str(state): word for state, (word, _) in GROUP_STATES.items()},
        "listen": {str(how): word for how, word in LISTENS.items()},
    }.get(name, {})
    return words.get(value, value).replace("\n", "、")


def actors(scene: Scene, history: Sequence[Event]) -> dict[str, str]:
    """Who did the steps, by name."""
    found = {event.actor: scene.people.by_id(event.actor) for event in history}
    return {id_: person.name if person else id_ for id_, person in found.items()}


NAMES = {
    "channel_label": channel_label,
    "role_tone": role_tone,
    "listen_names": LISTENS,
    "group_states": GROUP_STATES,
    "field_names": FIELDS,
    "told": told,
}
"""What the templates of these pages call."""
