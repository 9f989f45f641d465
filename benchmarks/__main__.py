"""`python -m benchmarks`: echo, this bot and a plain Flask bot in one run, with the ratios."""

from __future__ import annotations

import argparse
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

from benchmarks import backlog, broadcast, faq_figures, paced
from benchmarks.bot import write_settings
from benchmarks.intents import report as report_intents
from benchmarks.measure import FULL, QUICK, SUBJECTS, Bench
from benchmarks.report import print_report, verdict
from benchmarks.servers import Server
from benchmarks.understanding import report


def main() -> int:
    """Run everything; 1 when a bar is missed, 2 when an answer or a row is wrong."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a few seconds; no bar on speed")
    quick = parser.parse_args().quick
    with tempfile.TemporaryDirectory(prefix="haitang-bench-") as name, ExitStack() as stack:
        recorder = stack.enter_context(Server("recorder", Path(name)))
        bench = Bench(QUICK if quick else FULL)
        for number, subject in enumerate(SUBJECTS):
            folder = Path(name) / str(number)
            folder.mkdir()
            if subject.module == "bot":
                write_settings(folder, f"http://127.0.0.1:{recorder.port}")
            bench.add(subject, stack.enter_context(Server(subject.module, folder)))
        findings = bench.run()
    print_report(findings)
    report_intents()
    for words, holds in report():
        print(f"{'ok    ' if holds else 'MISSED'} {words}")
    matched = True
    for words, holds in faq_figures.report():
        print(f"{'ok    ' if holds else 'MISSED'} {words}")
        matched = matched and holds
    for part in (broadcast, paced, backlog):
        for words, holds in part.report(quick=quick):
            print(f"{'ok    ' if holds else 'MISSED'} {words}")
            matched = matched and holds
    return verdict(findings, speed=not quick) or int(not quick and not matched)


if __name__ == "__main__":
    sys.exit(main())
