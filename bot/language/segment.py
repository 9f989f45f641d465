"""Cutting Chinese into words: jieba, loaded once, late and quietly.

jieba costs about a second and some hundred megabytes, and by itself it unmarshals a cache out of
the shared temp folder, where anybody may have put it. So it is imported inside `load`, and its
cache lives in a folder of ours or nowhere.
"""

from __future__ import annotations

import logging
import sys
import threading
import warnings
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO

GRID_WORDS = (
    *("网格员", "网格长", "微网格", "楼道长", "楼栋长", "海棠先锋", "海棠管家", "社区民警"),
    *("居住证", "身份证", "户口本", "老年证", "残疾证", "敬老卡", "市民卡", "社保卡", "医保"),
    *("社保", "公积金", "低保", "一老一小", "家庭医生", "居家养老", "日间照料", "助餐点"),
    *("核酸", "阳性", "阴性", "流感", "体检", "生育登记", "新办", "续签", "补办", "换领"),
    *("幢", "单元", "地库", "车棚", "充电桩", "飞线充电", "群租", "楼道灯", "垃圾分类"),
    *("大件垃圾", "建筑垃圾", "装修垃圾", "物业费", "维修资金", "业委会", "居委会", "停水"),
    *("停电", "停气", "电瓶车", "电动车", "雨污分流", "加装电梯", "学区", "积分入学"),
)
"""Words of the neighbourhood that jieba's dictionary lacks or tears apart."""

_PIECE = 1 << 17
"""Bytes of the dictionary that are read at once: more would only cost memory."""
_lock = threading.Lock()
_tokenizer: Any = None


def load(tmp_dir: str, user_words: Iterable[str] = ()) -> None:
    """Load jieba once, with its cache in `tmp_dir` ("" : no cache), and add words.

    Later calls only add their `user_words`. Meant for a thread at start-up.
    """
    global _tokenizer  # noqa: PLW0603 — one dictionary a process is the point
    with _lock:
        if _tokenizer is None:
            tokenizer = _import_jieba()
            tokenizer.tmp_dir = tmp_dir or None
            if not tmp_dir:
                _fill_without_cache(tokenizer)
            tokenizer.initialize()
            _add(tokenizer, GRID_WORDS)
            _tokenizer = tokenizer
        _add(_tokenizer, user_words)


def ready() -> bool:
    """Whether the dictionary is in memory, so that `words` costs microseconds."""
    return _tokenizer is not None


def words(text: str) -> list[str]:
    """The words of `text` in order, long ones also in their parts; loads on first use."""
    if _tokenizer is None:
        load("")
    cut: list[str] = _tokenizer.lcut_for_search(text, HMM=False)
    return cut


def share(term: str) -> float:
    """How often `term` is met in everyday Chinese, as a share of all words; 0: never listed."""
    if _tokenizer is None:
        load("")
    return float(_tokenizer.FREQ.get(term, 0) / _tokenizer.total)


def _import_jieba() -> Any:
    """jieba's shared tokenizer; its old syntax warns on import, which is noise."""
    with warnings.catch_warnings(), _without("pkg_resources"):
        warnings.simplefilter("ignore")
        import jieba  # noqa: PLC0415 — import costs time and memory that start-up must not pay

    jieba.setLogLevel(logging.ERROR)
    jieba.dt.gen_pfdict = read_dictionary
    return jieba.dt


@contextmanager
def _without(module: str) -> Iterator[None]:
    """Let an import of `module` fail: jieba opens its files by itself then, and sooner."""
    known = sys.modules.get(module)
    sys.modules[module] = None  # type: ignore[assignment]  # this is how Python is told so
    try:
        yield
    finally:
        del sys.modules[module]
        if known is not None:
            sys.modules[module] = known


def read_dictionary(file: BinaryIO) -> tuple[dict[str, int], int]:
    """The frequency of each word, 0 for what only begins one, and the sum: what jieba makes of it.

    Piece by piece instead of line by line: half the time, and start-up waits for this.
    """
    frequencies: dict[str, int] = {}
    total = 0
    while lines := file.readlines(_PIECE):
        tokens = b"".join(lines).decode().split()
        words, counts = tokens[0::3], list(map(int, tokens[1::3]))
        longer, size = words, 1
        while longer := [word for word in longer if len(word) > size]:
            for start in {word[:size] for word in longer}:
                frequencies.setdefault(start, 0)
            size += 1
        frequencies.update(zip(words, counts, strict=True))
        total += sum(counts)
    file.close()
    return frequencies, total


def _fill_without_cache(tokenizer: Any) -> None:
    """Read the packaged dictionary straight into memory: no cache file is read or written."""
    tokenizer.FREQ, tokenizer.total = read_dictionary(tokenizer.get_dict_file())
    tokenizer.initialized = True


def _add(tokenizer: Any, user_words: Iterable[str]) -> None:
    """Teach words, skipping blanks; the frequency is what makes jieba keep each whole."""
    for word in user_words:
        if word.strip():
            tokenizer.add_word(word.strip())
