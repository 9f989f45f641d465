"""Scripts that make the shipped models out of the labelled texts in tests/data."""
