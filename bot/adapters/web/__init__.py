"""The web: searches and pages, one technology a file."""
