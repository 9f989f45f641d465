"""Fraud as it comes into neighbourhood groups: bait, false officials, links that fish for data.

Signs must meet: who claims to be somebody asks for a secret, a gift wants a code to be scanned, a
link comes with an urgent account. Whoever warns of it, asks about it, or tells of it, does none of
it. Texts in NFKC form. Every pattern is bounded. Pure.
"""

from __future__ import annotations

import re
from enum import StrEnum

LONGEST = 500
"""Characters that are read; the time stays bounded."""


class SpamKind(StrEnum):
    """What is tried."""

    OFFICIAL = "official"
    BAIT = "bait"
    PHISHING = "phishing"


_WARNS = re.compile(
    "当心|小心|谨防|警惕|提防|防骗|反诈(?!中心的)|骗子|诈骗|骗局|被骗|上当|请勿|切勿|勿点|勿扫|勿信|别点|别扫|别信|别报|"
    "不要(?:点|扫|信|轻信|泄露|转账|提供|填)|不(?:轻信|转账|泄露)|冒充|假冒|有人(?:发|自称|说|让|叫)|自称|收到(?:一条|个)?短信|"
    "真的假的|是真的|真的吗|能信|可信|靠谱吗|是不是|是你们|劝离|举报|提醒"
)
_PRIVATE = "验证码|校验码|短信码|六位数|身份证|银行卡|卡号|密码|cvv|房产证|转账|安全账户|社保卡号"
_DEMAND = (
    "发我|发给我|发来|发一下|拍给我|拍照|拍来|报给|报我|报一下|告诉我|给我|填写|填|提供|登记|回复|输入|绑定|上传|核对|核查|"
    "核实|配合|转到|扫"
)
_OFFICE = (
    "社区|街道|居委|派出所|民警|公安|警官|物业|社保|医保|银行|客服|反诈|检察|法院|海关|"
    "燃气|供电|电力|卫健|政府|政务|老师|班主任"
)
_CLAIM = re.compile(
    rf"(?:我|这里|这边|本人)(?:们)?(?:是|就是|这里是).{{0,6}}(?:{_OFFICE})", re.IGNORECASE
)
_ASKS = re.compile(
    rf"(?:{_PRIVATE}).{{0,20}}(?:{_DEMAND}|也)|(?:{_DEMAND}).{{0,16}}(?:{_PRIVATE})", re.IGNORECASE
)
_GIFT = (
    "鸡蛋|面条|挂面|大米|小米|食用油|领油|一桶油|送油|血压计|血糖仪|老年机|锅|礼品|洗衣液|"
    "牛奶|旅游|体检|豆浆机|手机"
)
_BAIT = re.compile(
    rf"(?:扫码|扫一扫|扫一下|扫个码|二维码|进群|填写|填表|登记身份证|激活费|邮费).{{0,24}}(?:领|送|得|兑).{{0,8}}(?:{_GIFT})"
    rf"|(?:免费|白送|领|送).{{0,8}}(?:{_GIFT}).{{0,24}}(?:扫码|扫一扫|扫一下|二维码|进群|填写|填个|身份证|激活费|邮费)"
)
_LINK = re.compile(
    r"https?://|www\.|(?:[a-z0-9-]{1,30}\.){1,3}[a-z]{2,7}/[a-z0-9]|(?:点击|点此|点这个|打开|复制).{0,6}(?:链接|网址|网站)|点此",
    re.IGNORECASE,
)
_HURRY = re.compile(
    "账户异常|账号异常|异常交易|停用|失效|过期|冻结|注销|核验|重新认证|认证|清零|补贴|补助|退税|退款|扣款|积分|中奖|抽中|领取|"
    "红包|包裹|快递丢失|影响征信|逾期|罚款|返利|佣金"
)
_TRICK = re.compile(
    "安全账户|刷单|垫付.{0,8}返|做任务.{0,6}佣金|三倍赔付|涉嫌洗钱|包裹涉毒|稳赚不赔|注销.{0,12}征信|短信码|"
    "手续费.{0,12}(?:领取|兑奖|奖)|(?:换号|新号|同学的号).{0,20}(?:转|扫码交)|内部渠道|卡号.{0,6}cvv|刷脸.{0,6}认证领",
    re.IGNORECASE,
)


def spam_kind(text: str) -> SpamKind | None:
    """What fraud a message tries; None for everything else, a plain advert too."""
    head = text[:LONGEST]
    if _WARNS.search(head):
        return None
    asks = _ASKS.search(head) is not None
    if _CLAIM.search(head) and (asks or _TRICK.search(head)):
        return SpamKind.OFFICIAL
    if _BAIT.search(head):
        return SpamKind.BAIT
    if _TRICK.search(head) or (_LINK.search(head) and (_HURRY.search(head) or asks)):
        return SpamKind.PHISHING
    return None
