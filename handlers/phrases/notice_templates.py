"""Words about ready notices: which there are, what each asks for, what is missing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot import Completed, NoticeTemplate, TemplateField, presentable


def listed(names: Sequence[str]) -> str:
    """模板 alone."""
    return f"模板有：{'、'.join(names)}。\n看要填什么，回复「模板 {names[0]}」。"


def unknown(word: str, names: Sequence[str], near: str | None) -> str:
    """No such template."""
    meant = f"是「模板 {near}」吗？" if near else f"有：{'、'.join(names)}。"
    return f"没有「{presentable(word, 10)}」这个模板，{meant}"


def how(template: NoticeTemplate) -> str:
    """What it asks for, with an example that works when copied."""
    must = "、".join(one.name for one in template.field if one.must)
    may = "、".join(one.name for one in template.field if not one.must)
    optional = f"；可写：{may}" if may else ""
    example = " ".join(f"{one.name}：{one.example}" for one in template.field if one.must)
    return (
        f"「{template.name}」要写：{must}{optional}。例：\n模板 {template.name} {example}\n"
        f"定时发、发给谁，写在前面：模板 {template.name} 到 全部群 明天8:00 …"
    )


def missing(
    template: NoticeTemplate,
    head: str,
    values: Mapping[str, str],
    fields: Sequence[TemplateField],
) -> str:
    """The same command with the gaps filled by examples."""
    names = "、".join(one.name for one in fields)
    examples = {one.name: one.example for one in fields}
    command = _command(template, head, dict(values) | examples)
    return f"还差{names}，没有排。请这样写（{names}换成您的）：\n{command}"


def faulty(template: NoticeTemplate, head: str, values: Mapping[str, str], done: Completed) -> str:
    """A day that cannot be, and the command with a right one."""
    field = next(one for one in template.field if one.name == done.faulty)
    command = _command(template, head, dict(values) | {field.name: field.example})
    return f"{done.fault}，没有排。例：\n{command}"


def strange(template: NoticeTemplate, label: str) -> str:
    """A field that this template does not have."""
    names = "、".join(one.name for one in template.field)
    return (
        f"「{template.name}」没有「{presentable(label, 8)}」这一项，能写的有：{names}。\n"
        "要写进去，就把冒号去掉。"
    )


def no_order(template: NoticeTemplate, words: str) -> str:
    """What stands before the fields is no time."""
    return (
        f"没看懂「{presentable(words, 12)}」。发给谁、什么时候发写在最前面，"
        f"例：模板 {template.name} 到 全部群 明天8:00 {template.field[0].name}：…"
    )


def _command(template: NoticeTemplate, head: str, values: Mapping[str, str]) -> str:
    """As its author would type it: with the author's own words, which a notice makes public."""
    typed = [
        f"{one.name}：{' '.join(values[one.name].split())}"
        for one in template.field
        if values.get(one.name)
    ]
    return " ".join([f"模板 {template.name}", *([head] if head else []), *typed])
