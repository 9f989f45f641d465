"""What all tests of the engine share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from structlog.testing import capture_logs


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    """Failures are made on purpose here: their logs, drawn in colours, would cost a second each."""
    with capture_logs():
        yield
