"""One file holds what people read, and nothing that nobody says."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import bot
from bot.research.words import en

ROOT = Path(bot.__file__).parent
SPEAKING = ("slack/messages/*.py", "slack/format/*.py", "slack/ports/*.py", "service/document.py", "trial.py")
SAID = re.compile(r"[A-Za-z]{2} [a-z]{2}|\b[A-Z][a-z]")  # two words, or one that begins like a label


def literals(file: Path) -> Iterator[str]:
    """The strings of a module; what stands alone, such as a docstring, is none."""
    tree = ast.parse(file.read_text("utf-8"))
    alone = {node.value for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in alone:
            yield node.value


@pytest.mark.parametrize("files", [*SPEAKING, "adapters/thread_terminal.py"])
def test_what_people_read_stands_among_the_words(files: str) -> None:
    """Whoever translates a sentence, or improves it, looks for it in one file."""
    found = {file.name: [text for text in literals(file) if SAID.search(text)] for file in ROOT.glob(files)}
    assert {name: texts for name, texts in found.items() if texts} == {}


def said(file: Path) -> Iterator[str]:
    """The words that a module says: as `words.X`, imported by name, or, in their own file, by name."""
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        match node:
            case ast.Attribute(value=ast.Name(id="words"), attr=name):
                yield name
            case ast.ImportFrom(module="bot.research.words"):
                yield from (each.name for each in node.names)
            case ast.Name(id=name, ctx=ast.Load()) if file.name == "en.py":
                yield name


def test_every_word_is_said_somewhere() -> None:
    """A sentence that nobody says is translated for nothing."""
    own = {name for name in vars(en) if not name.startswith("_")} - {"annotations"}
    assert own - {name for file in ROOT.rglob("*.py") for name in said(file)} == set()
