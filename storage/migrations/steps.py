"""The list that the steps are added to, in the order in which their files are read."""

from __future__ import annotations

from sqlite_utils import Migrations

migrations = Migrations("haitang")
