"""Named lists of angles: those that come along, a team's own, and what is wrong with a file of them."""

from __future__ import annotations

from pathlib import Path

import pytest

import bot.settings
from bot.research.angles import DEFAULT
from bot.research.presets import packaged, read, with_own
from bot.settings import ModelSettings, SettingsError, load

OWN = '[our-review]\n"Data flows" = "Which data go where."\n"vendors" = "Who else is involved."\n'


def test_the_lists_that_come_along_begin_with_the_standard_angles() -> None:
    """Each of the others says what to look for from each of its angles."""
    lists = packaged()
    assert list(lists) == ["standard", "market", "technology-choice", "incident-background", "policy"]
    assert lists["standard"] == DEFAULT
    for angles in list(lists.values())[1:]:
        assert 2 <= len(angles) <= 6
        assert all(angle.brief.endswith(".") and len(angle.title) <= 60 for angle in angles)


def test_a_teams_own_lists_stand_beside_those_that_come_along(tmp_path: Path) -> None:
    """A file that an editor on Windows wrote begins with a mark."""
    (tmp_path / "angles.toml").write_text(f"{OWN}[market]\n'Buyers' = 'Who buys.'\n", encoding="utf-8-sig")
    lists = with_own(str(tmp_path / "angles.toml"))
    assert list(lists) == [*packaged(), "our-review"]
    assert [(angle.slug, angle.title, angle.brief) for angle in lists["our-review"]] == [
        ("data-flows", "Data flows", "Which data go where."),
        ("vendors", "Vendors", "Who else is involved."),
    ]
    assert [angle.title for angle in lists["market"]] == ["Buyers"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[market\n", "names a file that is not TOML: "),
        (f"{OWN}{OWN}", "names a file that is not TOML: "),
        ("", "names a file with 0 lists of angles; it takes 1 to 50"),
        ("".join(f"[l{n}]\na = 'b'\n" for n in range(51)), "names a file with 51 lists of angles; it takes 1 to 50"),
        ("[empty]", "has a list [empty] that cannot be used. Name at least one angle"),
        (f"[auto]\n{OWN}", "has a list [auto], a name that is taken; choose another one"),
        ("[standard]\na = 'b'", "has a list [standard], a name that is taken; choose another one"),
        ("[Our]\na = 'b'", "has a list [Our]; a name has up to 30 small letters, digits and hyphens"),
        ("ours = 'b'", 'has a list [ours] that is not made of lines such as "Title" = "What to look for there."'),
        ("[ours]\na = 1", 'has a list [ours] that is not made of lines such as "Title" = "What to look for there."'),
        ("[ours]\n'!!' = 'b'", "has a list [ours] with a line without words: “!!” = “b”"),
        ("[ours]\n'' = 'b'", "has a list [ours] with a line without words: “” = “b”"),
        ("[ours]\na = '\u200b'", "has a list [ours] with a line without words: “a” = "),
        (f"[ours]\na = {'[' * 5_000}", "names a file that is"),
        ("[ours]\na = ''", "has a list [ours] that says 0 characters of “a”; it takes 1 to 300"),
        ("[ours]\na = 'b'\nA = 'c'", "has a list [ours] that cannot be used. The angle “A” is there twice"),
        ("[ours]\nplan = 'b'", "has a list [ours] that cannot be used. “Plan” is a word that I use myself. "),
        ("[ours]\n" + "".join(f"a{n} = 'b'\n" for n in range(7)), "has a list [ours] that cannot be used. That is 7"),
    ],
)
def test_what_is_wrong_with_a_file_is_said_as_of_any_setting(text: str, said: str) -> None:
    """Whoever wrote it must know which line to change."""
    with pytest.raises(ValueError) as wrong:  # noqa: PT011  settings take any
        read(text)
    assert str(wrong.value).startswith(said)


@pytest.mark.parametrize(
    ("written", "said"),
    [
        (OWN.encode(), ""),
        (b"[auto]", "has a list [auto], a name that is taken; choose another one."),
        (b"\xff\xfe", "names a file that cannot be read: it is not UTF-8."),
        (None, "names a file that cannot be read: No such file or directory."),
    ],
)
def test_the_file_is_read_with_the_settings(
    written: bytes | None, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not when somebody first asks for a list of it."""
    monkeypatch.setattr(bot.settings, "ENV_FILE", tmp_path / ".env")
    monkeypatch.setenv("ANGLES_FILE", str(tmp_path / "angles.toml"))
    if written is not None:
        (tmp_path / "angles.toml").write_bytes(written)
    if not said:
        assert "our-review" in load(ModelSettings).presets
        return
    with pytest.raises(SettingsError) as told:
        load(ModelSettings)
    assert f"\n  ANGLES_FILE: {said}\n" in str(told.value)


def test_a_home_that_nobody_has_is_said_too() -> None:
    """A traceback names no setting."""
    with pytest.raises(ValueError, match="the home of somebody whom this machine does not know"):
        with_own("~nobody-of-that-name/angles.toml")
