"""Where a playground is: what it takes, what it refuses, what it leaves behind."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import pytest

from bot.playground.premises import FOLDERS, CannotPlay, Wishes, premises


@pytest.fixture(autouse=True)
def _temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))


def refusal(keep: Path) -> str:
    with pytest.raises(CannotPlay) as refused, premises(Wishes(0, keep=keep)):
        pass
    return str(refused.value)


@pytest.mark.parametrize(
    ("file", "told"),
    [
        ("research.sqlite", "research.sqlite is there already and of no playground; its runs would go on here."),
        ("none/kept.sqlite", "none/kept.sqlite.log cannot be written: No such file or directory."),
        (".", " is a folder. Name a file, there or elsewhere."),
        (os.fsdecode(b"\xe4.sqlite"), "The name of that file is not written in UTF-8. Name another file."),
    ],
)
def test_a_file_that_cannot_be_kept_in_is_told_and_left_as_it_is(file: str, told: str, tmp_path: Path) -> None:
    """Above all the database of a bot that serves: its runs would go on here."""
    (tmp_path / "research.sqlite").touch()
    assert told in refusal(tmp_path / file)
    assert os.listdir(tmp_path) == ["research.sqlite"]


def test_a_second_playground_on_the_same_file_is_refused_by_whatever_name(tmp_path: Path) -> None:
    """Each would write over what was said in the other."""
    kept, name = tmp_path / "kept.sqlite", tmp_path / "name.sqlite"
    name.symlink_to(kept)
    with premises(Wishes(0, keep=name)) as first:
        assert first.database == kept
        for each in (kept, name):
            assert refusal(each).startswith(f"Another playground keeps its runs in {kept}.")
    with premises(Wishes(0, keep=kept)):
        pass


def test_what_a_killed_playground_left_goes_at_the_next_start_and_nothing_of_one_that_lives(tmp_path: Path) -> None:
    """A few days of trying would else fill the disk; one that was just made is not locked yet."""
    with premises(Wishes(0)) as living:
        killed, new, foreign = (tmp_path / name for name in (f"{FOLDERS}killed", f"{FOLDERS}new", "playground-x"))
        for folder in (killed, new, foreign):
            folder.mkdir()
        for folder in (killed, foreign):
            (folder / "research.sqlite").touch()
        with premises(Wishes(0)) as here:
            left = {living.database.parent, here.database.parent, new, foreign}
            assert set(tmp_path.iterdir()) == left
    assert set(tmp_path.iterdir()) == {new, foreign}
