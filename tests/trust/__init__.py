"""Faults and attacks, each with a figure: `make trust` runs these and prints what was found."""
