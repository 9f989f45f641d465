"""The sections of which ledgers and reports are made, each a function of what is counted."""
