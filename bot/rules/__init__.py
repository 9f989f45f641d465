"""PURE: the rules of the house — who may, by when, in which state. No I/O, no clock."""
