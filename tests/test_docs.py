"""What the documents say is what the code does."""

from __future__ import annotations

import ast
import re
import tomllib
from pathlib import Path

import pytest
import yaml

import bot.settings
from bot.playground.slack.methods import HISTORY, READ, SCOPES
from bot.settings import DatabaseSettings, Settings, SettingsError, load
from bot.slack.listeners.modal import SHORTCUT
from bot.slack.messages.ephemeral import COMMAND

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
MANIFEST = yaml.safe_load((ROOT / "manifest.yml").read_text(encoding="utf-8"))


def settings_rows() -> list[str]:
    """The README's table of settings, as the settings class has it."""
    rows = []
    for name, field in Settings.model_fields.items():
        default = (
            ""
            if field.default is None
            else f"`{field.default:g}`"
            if isinstance(field.default, float)
            else f"`{field.default}`"
        )
        rows.append(f"| `{name.upper()}` | {default} | {field.description} |")
    return rows


def test_the_readme_lists_every_setting_as_it_is() -> None:
    """A setting that nobody can find might as well not exist."""
    table = [line for line in README.splitlines() if re.match(r"\| `[A-Z_]+`", line)]
    assert sorted(table) == sorted(settings_rows())


def sample_lines() -> list[str]:
    """The sample of the file of settings, as the settings class has it: each one's meaning, then its default."""
    blocks = []
    for name, field in Settings.model_fields.items():
        default = f"{field.default:g}" if isinstance(field.default, float) else field.default
        value = f"{name.upper()}=" if default is None else f"#{name.upper()}={default}"
        blocks.append(f"# {field.description}\n{value}")
    return blocks


def test_the_sample_of_the_file_of_settings_lists_every_setting_as_it_is() -> None:
    """Whoever copies it must find all there is, with what holds if nothing is changed."""
    _, *blocks = (ROOT / ".env.sample").read_text(encoding="utf-8").strip().split("\n\n")
    assert sorted(blocks) == sorted(sample_lines())


def test_the_sample_changes_nothing_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is copied first and filled in afterwards."""
    without = complaint()
    monkeypatch.setattr(bot.settings, "ENV_FILE", ROOT / ".env.sample")
    assert complaint() == without
    assert load(DatabaseSettings) == DatabaseSettings()


def complaint() -> str:
    with pytest.raises(SettingsError) as told:
        load(Settings)
    return str(told.value)


def test_a_file_of_settings_is_never_committed() -> None:
    """It holds tokens."""
    assert ".env" in (ROOT / ".gitignore").read_text(encoding="utf-8").split()


def test_platforms_find_the_pins_and_a_python_where_they_look() -> None:
    """They look in the root, and read the shortest of forms: requirements by reference, a major and a minor number."""
    stated = [line for line in (ROOT / "requirements.txt").read_text().splitlines() if not line.startswith("#")]
    assert stated == ["-r requirements/runtime.txt"]
    pins = (ROOT / "requirements" / "runtime.txt").read_text()
    assert all("--hash=sha256:" in pin for pin in re.split(r"\n(?=\S)", pins.strip()))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    pinned = {canonical(name) for name in re.findall(r"(?m)^([\w.-]+)(?:\[[\w,]+\])?==", pins)}
    assert {canonical(re.split(r"[\[>=<; ]", each)[0]) for each in project["dependencies"]} <= pinned
    version = (ROOT / ".python-version").read_text().strip()
    assert re.fullmatch(r"3\.\d\d", version)
    assert (3, 11) <= tuple(map(int, version.split("."))) <= (3, 14)
    assert project["requires-python"] == ">=3.11"


def canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def test_the_manifest_has_the_command_that_the_code_hears() -> None:
    """Else Slack offers a command that nobody answers."""
    assert [command["command"] for command in MANIFEST["features"]["slash_commands"]] == [COMMAND]


def test_the_manifest_asks_for_the_scopes_that_the_code_uses_and_no_others() -> None:
    """An admin reads this list before trusting us."""
    used = set()
    for path in [*(ROOT / "bot").glob("*.py"), *(ROOT / "bot" / "slack").rglob("*.py")]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute) and re.match(
                r"(canvases|chat|conversations|users|reactions|files|views)_", node.attr
            ):
                used.add(node.attr.replace("_", "."))
    needed = {"commands", "app_mentions:read", *(SCOPES[method] for method in used if method in SCOPES)}
    rest = {method for method in used - SCOPES.keys() if not method.startswith("views.")}  # these need none
    if rest:
        assert rest == {"conversations.history", "conversations.info", "conversations.replies"}
        needed |= {*HISTORY.values(), READ["public"], READ["private"]}  # of direct messages there is nothing to know
    assert set(MANIFEST["oauth_config"]["scopes"]["bot"]) == needed


def test_the_manifest_subscribes_to_the_events_that_the_code_hears() -> None:
    """An event that nobody hears is another message read for nothing."""
    heard = set()
    for path in (ROOT / "bot" / "slack").rglob("*.py"):
        heard |= set(re.findall(r"app\.event\(\"([a-z_.]+)\"", path.read_text(encoding="utf-8")))
    if "message" in heard:  # one name for the listener, one for each kind of conversation in the manifest
        heard = heard - {"message"} | {f"message.{kind}" for kind in ("channels", "groups", "im", "mpim")}
    assert set(MANIFEST["settings"].get("event_subscriptions", {}).get("bot_events", [])) == heard


def test_the_manifest_has_the_shortcut_that_the_code_hears() -> None:
    """Else it stands in everybody's menu and does nothing."""
    shortcuts = MANIFEST["features"]["shortcuts"]
    assert [(each["callback_id"], each["type"]) for each in shortcuts] == [(SHORTCUT, "message")]


def test_the_manifest_opens_the_tabs_that_the_code_fills() -> None:
    """A tab that is switched off shows nothing, and direct messages that are read-only take no topic."""
    home = MANIFEST["features"]["app_home"]
    assert home["home_tab_enabled"]
    assert home["messages_tab_enabled"]
    assert not home["messages_tab_read_only_enabled"]


@pytest.mark.parametrize(
    ("path", "fewest", "most"),
    [
        (("display_information", "name"), 1, 35),
        (("display_information", "description"), 1, 140),
        (("display_information", "long_description"), 175, 4_000),
        (("features", "bot_user", "display_name"), 1, 80),
        (("features", "slash_commands", 0, "command"), 2, 32),
        (("features", "slash_commands", 0, "description"), 1, 2_000),
        (("features", "slash_commands", 0, "usage_hint"), 1, 1_000),
        (("features", "shortcuts", 0, "name"), 1, 24),
        (("features", "shortcuts", 0, "description"), 1, 150),
    ],
)
def test_the_manifest_keeps_to_slacks_limits(path: tuple[str | int, ...], fewest: int, most: int) -> None:
    """Slack refuses the whole manifest for one character too many."""
    value = MANIFEST
    for key in path:
        value = value[key]
    assert fewest <= len(value) <= most


def test_no_file_of_the_pins_names_where_packages_come_from() -> None:
    """Pins must install from wherever the installing machine gets its packages."""
    for path in (ROOT / "requirements").glob("*.txt"):
        assert not re.search(r"https?://|--(extra-)?index-url|--find-links", path.read_text(encoding="utf-8"))
