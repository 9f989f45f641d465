"""Twenty a minute a key, on a clock that is turned: the same code as in `make bench`."""

from __future__ import annotations

from benchmarks.paced import LIMIT, paced


def test_no_key_is_ever_sent_more_and_nothing_is_refused() -> None:
    found = paced(keys=2, each=60)
    assert found.sent == 120
    assert 1 < found.most <= LIMIT
    assert found.refused == 0
    assert found.minutes >= 3
