"""The pages of channels say what the channels say of themselves, and how to set each up."""

from __future__ import annotations

import msgspec
import pytest

from bot.channels.capabilities import CHINESE, ENGLISH, row
from bot.channels.registry import KINDS
from tests.docs import pages

PAGES = {"docs/channels.zh-CN.md": CHINESE, "docs/channels.md": ENGLISH}


@pytest.mark.parametrize(("page", "language"), PAGES.items())
@pytest.mark.parametrize("kind", KINDS)
def test_the_table_has_each_channels_own_words(kind: str, page: str, language: int) -> None:
    cells = row(kind, KINDS[kind].capabilities, language)
    line = "| " + " | ".join([f"`{cells[0]}`", *cells[1:]]) + " |"
    assert line in pages.read(page).splitlines(), f"this line belongs into {page}: {line}"


@pytest.mark.parametrize("page", PAGES)
def test_no_page_names_a_channel_that_is_not_there(page: str) -> None:
    assert set(pages.sections(page, "##")) == set(KINDS)


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_the_steps_fill_in_every_required_setting(kind: str, page: str) -> None:
    steps = pages.sections(page, "##")[kind]
    filled = {
        word.partition(" =")[0] for cells in pages.rows(steps) for word in pages.code(cells[-1])
    }
    required = {f.name for f in msgspec.structs.fields(KINDS[kind].settings) if f.required}
    assert required <= filled


@pytest.mark.parametrize("kind", KINDS)
def test_both_pages_have_the_same_steps(kind: str) -> None:
    chinese, english = (pages.sections(page, "##")[kind] for page in PAGES)
    assert [pages.code(cells[-1]) for cells in pages.rows(chinese)] == [
        pages.code(cells[-1]) for cells in pages.rows(english)
    ]
