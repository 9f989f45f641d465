"""Daily, weekly and monthly reports of an area, made from the ledger."""
