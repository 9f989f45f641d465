"""PURE: understanding of Chinese group talk. No I/O, no clock, no storage."""
