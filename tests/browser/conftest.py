"""A browser, and a house with its console, for the tests of pages."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio

from tests.browser.devtools import chromium
from tests.console.kit import Office, office_in


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a browser's DevTools."""
    try:
        with chromium(tmp_path_factory.mktemp("profile")) as devtools:
            yield devtools
    except FileNotFoundError as error:
        pytest.fail(str(error))


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def office(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Office]:
    """The house with its made-up community, in the tests' own process."""
    async with office_in(tmp_path_factory.mktemp("office")) as made:
        yield made
