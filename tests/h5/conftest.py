"""One running house a file of tests."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.console.kit import Office, office_in


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def office(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Office]:
    """The house with its made-up community; files of tests share nothing."""
    async with office_in(tmp_path_factory.mktemp("office")) as made:
        yield made
