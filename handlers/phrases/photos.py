"""Words of pictures and files that belong to a matter."""

from __future__ import annotations

from collections.abc import Sequence

from bot import Appeal, Audience, Media, MediaRole, say_when

WHICH = "看哪一条的照片？例：照片 12"
WHICH_TO_ADD = "给哪一条加照片？先发照片，再说：加照片 12"
WHICH_TO_DELETE = "删哪一条的照片？例：删除照片 12"
ROLES = {MediaRole.BEFORE: "办理前", MediaRole.AFTER: "办好后"}
REFUSED = {
    "不是照片": "刚才有一张照片打不开，请换成 JPG 或 PNG 再发一次。",
    "太大": "刚才有一张照片太大了，请压小一点再发一次。",
    "不是能收的文件": "刚才的文件收不了，请发照片、PDF、Word（docx）或 Excel（xlsx）。",
}
LOST = "刚才有一张照片没能收下来，请再发一次。"


def got(appeal: Appeal, role: MediaRole) -> str:
    """Pictures came; a group hears no number of what it must not know."""
    if appeal.audience is not Audience.PUBLIC:
        return "照片收到了，只有工作人员能看。"
    return f"照片收到了，放在{appeal.short}号的{ROLES[role]}，只有工作人员能看。"


def nothing_came(appeal: Appeal) -> str:
    """Pictures were to be added, and there were none."""
    return f"没有看到照片。请先把照片发来，10分钟内再说「加照片 {appeal.short}」。"


def full(appeal: Appeal, most: int) -> str:
    """More than one matter may have."""
    which = f"{appeal.short}号" if appeal.audience is Audience.PUBLIC else "这件事"
    return f"{which}已有{most}张照片，多的没有收。要换请先回复「删除照片 {appeal.short}」。"


def only_in_private(appeal: Appeal) -> str:
    """Pictures asked for in a group."""
    return f"照片不便在群里看，请私聊我发「照片 {appeal.short}」。"


def listed(appeal: Appeal, found: Sequence[Media]) -> str:
    """How many there are, of what, and since when."""
    if not found:
        return f"{appeal.short}号还没有照片。"
    lines = [
        f"{ROLES[role]}{len(some)}张，{say_when(some[0].created_at)}起"
        for role in MediaRole
        if (some := [media for media in found if media.role is role])
    ]
    return f"{appeal.short}号有{len(found)}张照片：\n" + "\n".join(lines)


def not_shown(role: MediaRole, number: int) -> str:
    """In the place of a picture, where the chat cannot show any."""
    return f"第{number}张（{ROLES[role]}）这里显示不了，请在企业微信里看。"


def deleted(appeal: Appeal, count: int) -> str:
    """Pictures were taken away for good."""
    return f"{appeal.short}号的{count}张照片已删除，找不回来了。"


def none_of_yours(appeal: Appeal) -> str:
    """There is nothing that this person may take away."""
    return f"{appeal.short}号没有您发的照片。"
