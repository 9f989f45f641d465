"""What the bot says to somebody who has just come in."""

from __future__ import annotations

HELLO = (
    "您好，我是海棠管家。反映问题、问事情、查进度，直接说就行，比如：\n"
    "3幢楼道灯不亮\n怎么办居住证\n您说的话会存下来，只用来办事。回复「帮助」看我能做什么。"
)
