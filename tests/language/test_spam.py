"""Fraud, and the many messages that only speak of it."""

from __future__ import annotations

import pytest

from bot.language.spam import SpamKind, spam_kind
from bot.language.text import normalise

FRAUD = [
    (SpamKind.OFFICIAL, "我是社区工作人员，请把您的身份证正反面和验证码发我登记"),
    (SpamKind.OFFICIAL, "您好我是街道办的，现在核对信息，把房产证拍照发来"),
    (SpamKind.OFFICIAL, "我是反诈中心的，你的卡被盗刷，马上把钱转到安全账户"),
    (SpamKind.OFFICIAL, "我是居委小陈，今天统计疫苗，把身份证拍给我，验证码也报一下"),
    (SpamKind.BAIT, "扫码进群领鸡蛋，每人30个，仅限65岁以上老人"),
    (SpamKind.BAIT, "免费领取血压计，只需填写身份证号和银行卡"),
    (SpamKind.BAIT, "大爷大妈免费领挂面，东门帐篷，带手机扫一下就行"),
    (SpamKind.PHISHING, "您的医保账户异常，请于24小时内点击 http://yb.example 核验，否则停用"),
    (SpamKind.PHISHING, "【ETC】您的ETC已失效，点击链接重新认证"),
    (SpamKind.PHISHING, "刷单返利，垫付100返150，秒到账"),
    (SpamKind.PHISHING, "电费积分即将清零，点此兑换礼品 dwz.example/9k"),
]

INNOCENT = """
反诈提醒：凡是扫码领鸡蛋的都要当心，不要泄露身份证和验证码
【防骗】冒充社保局的短信又来了，别点链接，别报验证码
收到短信说我医保异常，点不点啊是真的吗
自称街道的加我微信要身份证照片，是你们的人吗
有人冒充社区干部打电话要我验证码
居住证要带身份证吗
我是社区网格员小王，有事找我
我是物业的，明天换灯
谁有鸡蛋，借两个
社区发鸡蛋了，到活动室领
低价疏通下水道，不通不收钱
团购草莓，今晚截单
停车缴费请扫码
医保卡过期了怎么办
今天的通知见 https://example.com/notice
3幢楼道灯不亮
"""


@pytest.mark.parametrize(("kind", "text"), FRAUD)
def test_fraud_is_seen(kind: SpamKind, text: str) -> None:
    assert spam_kind(normalise(text)) is kind


@pytest.mark.parametrize("text", INNOCENT.strip().split("\n"))
def test_what_only_speaks_of_it_is_none(text: str) -> None:
    assert spam_kind(normalise(text)) is None


@pytest.mark.parametrize("piece", ["扫码", "我是", "a.", "验证码发我", "免费领"])
def test_a_long_text_is_bounded(piece: str) -> None:
    assert spam_kind(piece * 25_000) in {None, *SpamKind}
