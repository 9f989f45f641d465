"""The verbs of the command line, one file a subject; `bot/__main__.py` puts them together."""
