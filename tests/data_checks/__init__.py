"""Checks of the data that ships with the product."""
