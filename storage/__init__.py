"""SQLite: the only SQL in the product."""
