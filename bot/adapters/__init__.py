"""The outside world, one port and one technology a file: ``<port>_<technology>.py``."""
