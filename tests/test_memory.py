"""Giving memory back never fails, whatever the machine's library is."""

from __future__ import annotations

import ctypes

import pytest

from bot.memory import give_back


class Bare:
    """A C library without what we ask for."""


def test_it_can_be_asked_for_at_any_time() -> None:
    give_back()


def test_another_library_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ctypes, "CDLL", lambda name: Bare())
    give_back()


def test_a_machine_without_one_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    def none(name: object) -> Bare:
        raise OSError("no such library")

    monkeypatch.setattr(ctypes, "CDLL", none)
    give_back()
