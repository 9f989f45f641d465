"""The console: pages for the community office, rendered here, alive by htmx, usable without it."""
