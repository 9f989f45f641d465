"""Use cases over one transaction. The only ones who change domain rows."""
