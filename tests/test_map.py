"""The maps of the house: a line for each folder in bot/, a line for each file in its folder."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import bot

ROOT = Path(bot.__file__).parent


def folders() -> list[Path]:
    """Every folder of the package that holds modules, the package itself first; migrations are dated, not mapped."""
    return sorted({file.parent for file in ROOT.rglob("*.py") if "versions" not in file.parts})


def mapped(folder: Path) -> list[str]:
    """The names of files and folders that begin the lines of a folder's own docstring, each with what is in it."""
    text = ast.get_docstring(ast.parse((folder / "__init__.py").read_text("utf-8"))) or ""
    lines = [line.split() for line in text.splitlines()[1:]]
    return [line[0] for line in lines if len(line) > 1 and line[0].endswith((".py", "/"))]


@pytest.mark.parametrize("folder", folders(), ids=lambda folder: str(folder.relative_to(ROOT.parent)))
def test_a_folder_names_every_file_in_it_and_no_other(folder: Path) -> None:
    files = [file.name for file in folder.glob("*.py") if file.name != "__init__.py"]
    assert sorted(name for name in mapped(folder) if name.endswith(".py")) == sorted(files)


def test_the_package_names_every_folder_in_it_and_no_other() -> None:
    inside = [f"{folder.relative_to(ROOT)}/" for folder in folders() if folder != ROOT]
    assert sorted(name for name in mapped(ROOT) if name.endswith("/")) == sorted(inside)
