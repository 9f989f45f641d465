"""A morning's talk of many groups: who says what where. All of it is made up."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Final

from msgspec import Struct

GROUPS: Final = 50
AREAS: Final = 10
SENDERS: Final = 2000

_CHATTER = """
早上好呀各位邻居
今天太阳真好，被子可以晒了
哈哈哈哈笑死我了
好的
收到
嗯嗯
知道了
今天菜场的青菜三块五一斤
谁家猫又在花坛里睡觉
晚上一起去跳舞吗
我家包了荠菜馄饨，给楼上送了一碗
孩子今天考试，全家都紧张
下雨天路滑，大家慢点骑
周末去爬山，早点睡
这张照片拍得真不错
桂花开了，满院子香
老张今天钓了六条鱼
明天降温，记得加衣服
有没有人拼车去高铁站，我上午十点走
转一个烧排骨的做法，很简单
我刚到家
外面风好大
恭喜恭喜
生日快乐
祝老人家身体健康
昨天的电影挺好看
孙子会走路了
早饭吃的豆浆油条
我在上班，晚上再看
这个天穿短袖有点早了
今晚吃火锅
刚才好像打雷了
群里好热闹
晚安
早睡早起身体好
我们家那位又去打牌了
买了两斤橘子，挺甜的
新开的面馆味道不错
明天还要早起
放假回老家住几天
刚跑完五公里
幼儿园今天放得早
外婆从乡下带了土鸡蛋
小孩子长得真快
一眨眼又到年底了
今天路上好堵
我带了点花生给大家尝尝
看球看到半夜，困死了
中午随便吃点
这两天膝盖有点酸
我妈说要学用手机付钱
刚把阳台的花搬进来
电视剧大结局看得我哭了
天黑得越来越早了
出门忘带伞
哈哈，他就是这样的人
我也是这么想的
对对对
那倒是
真的假的
[微笑]
[强][强][强]
👍👍👍
加油加油
可以可以
没事没事，慢慢来
我马上下来
你先忙
回头再说
好久不见，哪天来家里坐坐
我先去接孩子
快递到了，下去拿一下
今天的晚霞太美了
冬至记得吃汤圆
老李唱歌真好听
广场上有人在放风筝
我家娃写作业写到十点
下个月要去体检
学会了一道新菜，清蒸鲈鱼
腊肉晒好了，过年有口福
上午在银行排了好长的队
给孙女织了条围巾
今天公交车上遇到老同学
这个周末有空聚聚
春节的票抢到了
"""
_QUESTIONS = """
请问老年体检什么时候开始？
流感疫苗在哪里打？
居住证到期了怎么续签？
社保卡丢了怎么补办？
社区卫生站周末看病吗？
家庭医生怎么签约？
身份证过期了去哪里换？
新生儿上户口要带什么材料？
哪里可以免费量血压？
过期的药扔在哪里？
小孩打疫苗要预约吗？
医保断了能补缴吗？
小区里有AED吗？
社区能借轮椅吗？
明天会停水吗？
物业几点下班？
垃圾分类的桶什么时候收？
有人知道修鞋的师傅还在吗
今天几号了？
"""
_COMPLAINTS = """
{b}幢楼道灯不亮，走路看不清
{b}幢2单元电梯又停了，老人下不了楼
{b}幢门口垃圾堆了三天没人清，味道很大
{b}幢单元门关不上了，麻烦修一下
{b}幢楼下电瓶车乱停，路都堵住了
{b}幢3单元502室楼上漏水，天花板都湿了
{b}幢车棚的顶板坏了，下雨漏水
{b}幢消防通道堆了很多杂物
{b}幢旁边的路灯坏了好几天
{b}幢地下车库积水了，没人管
{b}号楼半夜装修，吵得睡不着
{b}幢门禁坏了，谁都能进来
{b}幢东面窨井盖松了，走上去响
{b}幢楼上往下扔烟头，太不像话
"""
_COMMANDS = """
帮助
进度
进度 12
#帮助
@海棠管家 进度
登记 {b}幢扶手松了
"""
_THANKS = """
谢谢管家
谢谢，已经修好了
辛苦师傅了，灯亮了
多谢各位热心邻居
感谢社区，处理得真快
"""

_SHARES: Final = (
    (_CHATTER.split("\n")[1:-1], 75),
    (_QUESTIONS.split("\n")[1:-1], 12),
    (_COMPLAINTS.split("\n")[1:-1], 8),
    (_COMMANDS.split("\n")[1:-1], 3),
    (_THANKS.split("\n")[1:-1], 2),
)
LINES: Final = sum(len(lines) for lines, _ in _SHARES)


class Said(Struct, frozen=True):
    """One line: `chat` is the group's id, `sender` a member's account."""

    chat: str
    sender: str
    text: str


def talk(seed: int) -> Iterator[Said]:
    """Endless mixed talk; the same seed says the same."""
    dice = random.Random(seed)
    kinds = [lines for lines, _ in _SHARES]
    weights = [share for _, share in _SHARES]
    while True:
        (lines,) = dice.choices(kinds, weights)
        sender = dice.randrange(SENDERS)
        text = dice.choice(lines).replace("{b}", str(dice.randint(1, 27)))
        yield Said(f"group-{sender % GROUPS}", f"member-{sender}", text)
