"""The command line: `haitang …`, the same as `python -m bot …`."""

from __future__ import annotations

import click

from bot.cli.audit import audit
from bot.cli.channels import appchat, channels, menu
from bot.cli.console import console
from bot.cli.copies import backup, restore
from bot.cli.doctor import doctor
from bot.cli.faq import faq
from bot.cli.ledger import ledger, report
from bot.cli.notices import notices
from bot.cli.reconnect import reconnect
from bot.cli.replay import replay
from bot.cli.service import check_config, init, run, show_version
from bot.cli.tables import holidays, taxonomy
from bot.cli.understand import understand
from bot.cli.words import Group

VERBS = (
    run,
    init,
    check_config,
    doctor,
    reconnect,
    channels,
    appchat,
    menu,
    faq,
    taxonomy,
    holidays,
    ledger,
    report,
    notices,
    understand,
    replay,
    audit,
    console,
    backup,
    restore,
    show_version,
)


@click.group(
    cls=Group,
    help="海棠管家：微网格居民群里的管家机器人。",
    context_settings={"max_content_width": 100},
)
def main() -> None:
    """All commands."""


for verb in VERBS:
    main.add_command(verb)

if __name__ == "__main__":
    main()
