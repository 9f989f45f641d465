"""Words around learning: the list, the draft, the test box and the marks."""

from __future__ import annotations

from collections.abc import Sequence

from bot import Bundle, FaqEntry, OpenQuestion, presentable

LISTED = 10
SHOWN = 60
NOTHING_WAITS = "没答上的问题都处理完了。"
IN_PRIVATE = "这个在私聊里看，私聊我发「没答上的」。"
TEST_IN_PRIVATE = "试问请在私聊里发，例：试问 居住证怎么续签"
TEST_WHAT = "试问后面写一句居民会问的话，例：试问 居住证怎么续签"
NO_ANSWER = "没找到您刚才的答复。先回答居民，再回「学习」；或引用那条答复回「学习」。"
NO_QUESTION = "没找到您回答的是哪个问题。引用居民的问题再答一遍，然后回「学习」。"
NOT_RESIDENTS = "学习要由管家来点。您的答复管家看得到，谢谢。"
NOT_APPROVER = "收录要由网格长或社区来点，已经在他们的清单里了。"
NO_NUMBER = "写上编号，例：收录 3。编号发「没答上的」能看到。"
USEFUL = "好的，记下了。"
USELESS = "记下了，已转管家，请稍等。"
USELESS_ALONE = "记下了，请到社区居委会问一问。"


def learned(question: OpenQuestion, approvers: int) -> str:
    """A draft was kept."""
    then = "等网格长或社区收录后就会这样答" if approvers else "要有网格长或社区收录后才会这样答"
    return f"记下了（{question.number}号）：{_short(question.text)}\n{then}。说错了回「撤销」。"


def to_approver(question: OpenQuestion, who: str) -> str:
    """What those read who may adopt a draft."""
    return (
        f"{who} 的答复想收进问答，{question.number}号：\n问：{_short(question.text)}\n"
        f"答：{presentable(question.answer, 300)}\n"
        f"可以就回「收录 {question.number}」，不行回「不收录 {question.number}」。"
    )


def waiting(bundles: Sequence[Bundle], drafts: Sequence[OpenQuestion]) -> str:
    """The list, grouped by likeness; drafts first."""
    lines = [
        f"{one.number}号 待收录：{_short(one.text)} → {presentable(one.answer, SHOWN)}"
        for one in drafts[:LISTED]
    ]
    for bundle in bundles[:LISTED]:
        first = bundle.questions[0]
        count = f"（{len(bundle.questions)}次）" if len(bundle.questions) > 1 else ""
        lines.append(f"{first.number}号 {first.doubt}{count}：{_short(first.text)}")
    rest = max(0, len(drafts) - LISTED) + max(0, len(bundles) - LISTED)
    if rest:
        lines.append(f"还有 {rest} 条，先处理上面的。")
    if drafts:
        lines.append("收录回「收录 号」，不要回「不收录 号」。")
    if bundles:
        lines.append("在群里答过后回「学习」就能收下；不用答的回「不用答 号」。")
    return "\n".join(lines)


def adopted(question: OpenQuestion, more: int) -> str:
    """A draft became an entry."""
    also = f"，相近的 {more} 句也照这样答" if more else ""
    return f"{question.number}号已收录，马上生效{also}。\n5分钟内可以「撤销」。"


def declined(question: OpenQuestion) -> str:
    """A draft was thrown away."""
    return f"{question.number}号不收录，问题还留在没答上的里。"


def dismissed(question: OpenQuestion) -> str:
    """A question is off the list."""
    return f"{question.number}号不用答，已从清单拿掉。"


def restored(question: OpenQuestion) -> str:
    """A step was taken back."""
    return f"已撤销：{question.number}号恢复为「{question.state}」。"


def not_possible(number: str, state: str) -> str:
    """The question is past that."""
    return f"{number}号现在是「{state}」，不能这样办。发「没答上的」看看。"


def not_found(number: str) -> str:
    """No such question."""
    return f"没有 {number}号。发「没答上的」看看有哪些。"


def tried(candidates: Sequence[tuple[float, FaqEntry, str]], verdicts: Sequence[str]) -> str:
    """The best candidates with their certainty, then what the bot would do."""
    lines = [
        f"{place} {sure:.3f} {entry.question.rstrip('?？')}（对上「{_short(matched)}」）"
        for place, (sure, entry, matched) in enumerate(candidates, 1)
    ]
    return "\n".join([*(lines or ["一条像的也找不到。"]), *verdicts])


def in_group(title: str, cut: float) -> str:
    """What a group would hear that did not call the bot."""
    return f"群里没叫我：{f'答「{title}」' if title else '不说话'}（要 {cut:.3f}）"


def addressed(title: str, choices: Sequence[str], cut: float) -> str:
    """What somebody would hear who called the bot."""
    if title:
        does = f"答「{title}」"
    elif choices:
        does = f"请对方选「{'」「'.join(choices)}」"
    else:
        does = "答不上，转管家"
    return f"叫了我：{does}（要 {cut:.3f}）"


def marks(useful: int, useless: int) -> str:
    """Why the cut-offs stand where they stand."""
    return f"近半年本社区：有用 {useful}，没用 {useless}。没用多了，门槛会高一点。"


def to_steward(who: str, asked: str, entry: str) -> str:
    """Somebody found an answer useless."""
    return (
        f"{who} 说答得没用。问：「{asked}」\n答的是「{entry}」，请您回复一下，也看看这条要不要改。"
    )


def _short(text: str) -> str:
    return presentable(text, SHOWN)
