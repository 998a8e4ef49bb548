"""A package that looks like the encyclopedia's, with articles of our own."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from bot.adapters.encyclopedia_offline import PACKAGE


def install(path: Path, articles: Mapping[str, Mapping[str, str]]) -> Path:
    """Put the package there, whose articles are given by their languages and titles; give the path."""
    data = path / PACKAGE / "data"
    data.mkdir(parents=True, exist_ok=True)
    (path / PACKAGE / "__init__.py").write_text("raise ImportError('never to be imported')", encoding="utf-8")
    for language, texts in articles.items():
        entries = {title: {"title": title, "extract": text, "topic": ""} for title, text in texts.items()}
        (data / f"summaries_{language}.json").write_text(json.dumps(entries), encoding="utf-8")
    return path
