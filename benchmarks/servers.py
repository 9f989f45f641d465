"""The servers under test, each a process of its own with a folder of its own."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from http.client import HTTPConnection
from pathlib import Path
from typing import Self

from msgspec import Struct


class Start(Struct, frozen=True):
    """Seconds from the birth of the process, and its resident memory then, in MiB."""

    listens: float = 0.0
    answers: float = 0.0
    ready: float = 0.0
    memory: float = 0.0


class Server:
    """A module of this package that prints its port. Use it as a context manager."""

    def __init__(self, module: str, folder: Path) -> None:
        self.folder = folder
        self._born = time.perf_counter()
        command = [sys.executable, "-m", f"benchmarks.{module}", str(folder)]
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        line = self._process.stdout.readline() if self._process.stdout is not None else ""
        self._listens = self._age()
        if not line.strip().isdigit():
            raise SystemExit(f"benchmarks.{module} did not start")
        self.port = int(line)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def stop(self) -> None:
        """End it as an operator does, and wait until everything is written."""
        self._process.terminate()
        self._process.communicate(timeout=30)

    def first_light(self, request: bytes) -> Start:
        """Send the first callback, then wait until the server calls itself ready."""
        with socket.create_connection(("127.0.0.1", self.port), 10) as connection:
            connection.sendall(request)
            if connection.recv(4096)[9:12] != b"200":
                raise SystemExit("the first callback was not taken")
        answers = self._age()
        while self._get("/readyz")[0] != 200:
            time.sleep(0.005)
        return Start(self._listens, answers, self._age(), self.memory("VmRSS"))

    def until_ready(self) -> float:
        """Seconds from the birth of the process until it calls itself ready."""
        while self._get("/readyz")[0] != 200:
            time.sleep(0.005)
        return self._age()

    def memory(self, field: str) -> float:
        """A field of the kernel's status of the process, in MiB: `VmRSS` now, `VmHWM` the most."""
        status = Path(f"/proc/{self._process.pid}/status").read_text("ascii")
        line = next(line for line in status.splitlines() if line.startswith(field))
        return int(line.split()[1]) / 1024

    def _get(self, target: str) -> tuple[int, str]:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request("GET", target)
            response = connection.getresponse()
            return response.status, response.read().decode()
        finally:
            connection.close()

    def cpu(self) -> float:
        """Seconds of processor time that the process has used, in whole hundredths."""
        fields = Path(f"/proc/{self._process.pid}/stat").read_text("ascii").rpartition(")")[2]
        user, system = fields.split()[11:13]
        return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")

    def settle(self, seconds: float = 60.0) -> int:
        """Wait until the bot has said what it has to say; how many rows are left."""
        until = time.perf_counter() + seconds
        while (left := self._unsaid()) and time.perf_counter() < until:
            time.sleep(0.1)
        return left

    def _unsaid(self) -> int:
        lines = self._get("/metrics")[1].splitlines()
        open_rows = ('haitang_outbox_rows{state="queued"}', 'haitang_outbox_rows{state="sending"}')
        return sum(int(float(line.split()[1])) for line in lines if line.startswith(open_rows))

    def _age(self) -> float:
        return time.perf_counter() - self._born
