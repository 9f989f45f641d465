"""What becomes of ideas, and a good word that is passed on."""

from __future__ import annotations

from bot import Appeal, Verdict, presentable, sentence

PASSED_ON = "记下了，一定转告，谢谢您。"
LONGEST = 100
_ENDS = {
    Verdict.ADOPTED: "采纳了",
    Verdict.AGENDA: "列入议事会讨论",
    Verdict.REJECTED: "这次不采纳",
}
DONE = {
    Verdict.ADOPTED: "已采纳",
    Verdict.AGENDA: "已列入议事",
    Verdict.REJECTED: "不采纳",
}


def judged(appeal: Appeal, verdict: Verdict) -> tuple[str, str]:
    """To the group, and to the one who had the idea alone."""
    why = sentence(presentable(appeal.result, LONGEST))
    end = _ENDS[verdict]
    public = f"{appeal.short}号建议{end}：{sentence(appeal.summary)}\n{why}".rstrip()
    private = f"您的建议（{appeal.short}号）{end}" + (f"：{why}" if why else "。")
    return public, private


def told(where: str, who: str, words: str) -> str:
    """To those on duty: pass it on."""
    return f"{where} {who} 表扬：「{presentable(words, LONGEST)}」\n请转告被表扬的人。"
