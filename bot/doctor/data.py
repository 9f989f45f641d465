"""The data: the file, who holds it, and what is left in the ledger of things to be said."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from bot.app import inspect, key_fits
from bot.errors import StorageError
from bot.models import Delivery, Finding, Grade


def database(path: Path, now: datetime) -> list[Finding]:
    """The file at `path`, whether or not a service has it open."""
    if not path.exists():
        return [Finding(Grade.OK, "数据", f"还没有数据文件 {path}，第一次启动时会建。")]
    try:
        sound = inspect.is_sound(path)
        found = inspect.ledger(path, now)
    except (inspect.DatabaseError, OSError) as error:
        return [
            Finding(
                Grade.FAIL,
                "数据",
                f"数据文件 {path} 打不开（{error}），请用 haitang restore 恢复最近的备份。",
            )
        ]
    if not sound:
        return [
            Finding(
                Grade.FAIL, "数据", f"数据文件 {path} 坏了，请用 haitang restore 恢复最近的备份。"
            )
        ]
    whole = Finding(Grade.OK, "数据", f"数据文件 {path} 完好。")
    return [whole, *copies(path.parent), *ledger(found)]


def key(path: Path, file: Path) -> list[Finding]:
    """Whether what was said can be opened, and by nobody else on this machine."""
    if not path.exists():
        return []
    if not file.exists():
        sentence = f"找不到密钥文件 {file}，请把另外保管的那份放回去，没有它服务起不来。"
        return [Finding(Grade.FAIL, "密钥", sentence)]
    try:
        fits = key_fits(path, file)
    except (StorageError, inspect.DatabaseError, OSError) as error:
        return [Finding(Grade.FAIL, "密钥", str(error))]
    if not fits:
        sentence = f"密钥文件 {file} 不是这份数据的，请换回和它一起用的那份。"
        return [Finding(Grade.FAIL, "密钥", sentence)]
    if file.stat().st_mode & 0o077:
        sentence = f"密钥文件 {file} 别的用户也能读，请运行 chmod 600 {file}。"
        return [Finding(Grade.WARN, "密钥", sentence)]
    return [Finding(Grade.OK, "密钥", f"密钥文件 {file} 和数据是一对，请确认另存了一份。")]


def copies(folder: Path) -> list[Finding]:
    """Copies that anybody can read who has them."""
    clear = [
        *(f"backups/{name}" for name in inspect.in_clear(folder / "backups")),
        *inspect.in_clear(folder),
    ]
    if not clear:
        return []
    named = "、".join(clear[:3]) + ("等" if len(clear) > 3 else "")
    return [
        Finding(
            Grade.WARN,
            "旧备份",
            f"有 {len(clear)} 份备份是加密以前做的，里面是明文：{named}。"
            "重新备份过、确认没问题后请删掉。",
        )
    ]


def ledger(found: inspect.Ledger) -> list[Finding]:
    """What waits too long, what is not known to have arrived, what failed."""
    waiting = found.counts.get(Delivery.QUEUED, 0)
    uncertain = found.counts.get(Delivery.UNCERTAIN, 0)
    findings = [Finding(Grade.OK, "发件箱", f"排着 {waiting} 条。")]
    if found.late:
        findings = [
            Finding(
                Grade.WARN,
                "发件箱",
                f"有 {found.late} 条过了十分钟还没发出，请看上面各通道的结果，服务没运行就先启动。",
            )
        ]
    if uncertain:
        findings.append(
            Finding(
                Grade.WARN,
                "不确定",
                f"有 {uncertain} 条不知道送到没有，程序不会自己重发，请在群里看一眼，没有就补说。",
            )
        )
    if found.failed_today:
        findings.append(
            Finding(
                Grade.WARN,
                "没发出",
                f"最近一天有 {found.failed_today} 条发不出去，原因在日志的 message not sent 里。",
            )
        )
    return findings
