"""What the engine does: take a message in, decide, and hand the answer out."""
