"""PURE: the tables of the danger lane: words with their signs, and the rules that join signs."""
