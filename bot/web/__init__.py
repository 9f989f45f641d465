"""The HTTP doors: callbacks, sandbox, health."""
