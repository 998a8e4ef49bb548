"""The environment, read once: told in one message what is missing or wrong, and nothing told that is secret."""

from __future__ import annotations

import os
from decimal import Decimal
from pathlib import Path

import pytest
from pydantic import ValidationError

import bot.settings
from bot.adapters.endpoint import Endpoint
from bot.service.access import Access
from bot.settings import DatabaseSettings, LogSettings, ModelSettings, Settings, SettingsError, load
from tests.support.prices import priced

RIGHT = {
    "SLACK_BOT_TOKEN": "xoxb-1-secret",
    "SLACK_APP_TOKEN": "xapp-1-secret",
    "SLACK_SIGNING_SECRET": "5ec5e75ec5e75ec5e75ec5e75ec5e75e",
    "OPENAI_API_KEY": "sk-secret",
}


@pytest.fixture
def right(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in RIGHT.items():
        monkeypatch.setenv(name, value)


def complaint(kind: type[LogSettings] = Settings) -> str:
    with pytest.raises(SettingsError) as caught:
        load(kind)
    return str(caught.value)


def named(told: str) -> list[str]:
    """The variables that a complaint has a line about."""
    return [line.strip().partition(":")[0] for line in told.splitlines() if line.startswith("  ")]


def test_all_that_is_missing_is_named_in_one_message() -> None:
    """An operator who learns one name a start gives up before the last."""
    told = complaint()
    assert named(told) == ["SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "OPENAI_API_KEY"]
    assert "SLACK_SIGNING_SECRET" in told
    assert "OPENAI_BASE_URL" in told


def test_what_is_wrong_and_what_is_missing_come_in_the_same_message(monkeypatch: pytest.MonkeyPatch) -> None:
    """A wrong value must not hide a missing one."""
    monkeypatch.setenv("PORT", "eighty")
    monkeypatch.setenv("MODEL_TIMEOUT", "-1")
    assert named(complaint()) == ["MODEL_TIMEOUT", "PORT", "SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "OPENAI_API_KEY"]


@pytest.mark.usefixtures("right")
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "eighty"),
        ("MODEL_TIMEOUT", "-1"),
        ("RUN_TIMEOUT", "6m"),
        ("MAX_MODEL_CALLS", "0"),
        ("MAX_RUN_CALLS", "0"),
        ("MAX_RUN_TOKENS", "many"),
        ("MAX_RUN_PRICE", "-0.5"),
        ("MAX_RUN_PRICE", "nan"),
        ("SLACK_API_URL", "slack.com/api"),
        ("OPENAI_API", "completions"),
        ("LOG_LEVEL", "loud"),
        ("SLACK_BOT_TOKEN", "xapp-1-secret"),
        ("SLACK_BOT_TOKEN", "xoxp-1-secret"),
        ("SLACK_APP_TOKEN", "xoxb-1-secret"),
    ],
)
def test_a_wrong_value_names_its_variable_and_no_other(name: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever is sent to the wrong setting breaks that one too."""
    monkeypatch.setenv(name, value)
    assert named(complaint()) == [name]


@pytest.mark.parametrize("address", ["localhost:11434/v1", "ftp://models.example/v1", "http://", "http://[::1/v1"])
def test_an_address_that_is_none_names_its_variable(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The usual slip: an address without http in front of it."""
    monkeypatch.setenv("OPENAI_BASE_URL", address)
    monkeypatch.setenv("OPENAI_MODEL", "local")
    assert "OPENAI_BASE_URL" in named(complaint(ModelSettings))


@pytest.mark.usefixtures("right")
@pytest.mark.parametrize(
    ("name", "value", "why"),
    [
        ("PORT", "abc", "must be a whole number"),
        ("PORT", "99999", "must be 65535 or less"),
        ("LISTEN", "localhost", "must be an address of this machine such as 127.0.0.1"),
        ("KEEP_DAYS", "-1", "must be 0 or more"),
        ("KEEP_DAYS", "1.5", "must be a whole number"),
        ("MODEL_TIMEOUT", "soon", "must be a number"),
        ("MONTH_BUDGET", "ten", "must be a number"),
        ("MONTH_BUDGET", "-0.01", "must be 0 or more"),
        ("MONTH_BUDGET", "NaN", "must be a number"),
        ("MODEL_TIMEOUT", "0", "must be more than 0.0"),
        ("LOG_LEVEL", "loud", "must be one of 'debug', 'info', 'warning' or 'error'"),
        ("ALLOW_GUESTS", "yes", "must be one of 'on' or 'off'"),
    ],
)
def test_what_a_value_must_be_is_said_in_plain_words(
    name: str, value: str, why: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever installs the bot is no reader of a library's error messages."""
    monkeypatch.setenv(name, value)
    assert f"  {name}: {why}.\n" in complaint()


@pytest.mark.usefixtures("right")
@pytest.mark.parametrize(
    ("name", "wrong"),
    [("USERS", each) for each in ("@ada", "ada", "C012AB", "<@U012AB>", "U012AB U345CD", "U012AB,@ada", "U")]
    + [("CHANNELS", each) for each in ("#energy", "energy", "U012AB", "D012AB", "C012AB;C345CD")],
)
def test_names_in_place_of_ids_are_told_with_where_ids_are_found(
    name: str, wrong: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A list that means nobody would let everybody in, or keep everybody out."""
    for each in (f"ALLOW_{name}", f"DENY_{name}"):
        monkeypatch.setenv(each, wrong)
    told = complaint()
    assert named(told) == [f"ALLOW_{name}", f"DENY_{name}"]
    assert f"must be ids such as {'U' if name == 'USERS' else 'C'}012ABCDEF, separated by commas (" in told


@pytest.mark.usefixtures("right")
def test_lists_of_ids_say_who_may_start_research_and_where(monkeypatch: pytest.MonkeyPatch) -> None:
    assert load(Settings).access == Access(guests=False, external=False)
    monkeypatch.setenv("ALLOW_USERS", " U012AB,, W345CD , U012AB")
    monkeypatch.setenv("DENY_CHANNELS", "C012AB,G345CD")
    monkeypatch.setenv("ALLOW_EXTERNAL", "on")
    assert load(Settings).access == Access(
        allow_users=frozenset({"U012AB", "W345CD"}),
        deny_channels=frozenset({"C012AB", "G345CD"}),
        guests=False,
    )


@pytest.mark.parametrize("name", ["PORT", "MODEL_TIMEOUT", "SLACK_API_URL", "OPENAI_BASE_URL", "SLACK_BOT_TOKEN"])
def test_a_secret_in_the_wrong_variable_is_not_repeated(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a process says at its start is kept where many can read it."""
    monkeypatch.setenv(name, "xoxp-7-misplaced")
    assert "misplaced" not in complaint()


@pytest.mark.usefixtures("right")
def test_secrets_do_not_show_when_settings_are_printed() -> None:
    """Settings end up in logs and error reports sooner or later."""
    settings = load(Settings)
    shown = f"{settings!r} {settings} {settings.endpoint!r} {settings.model_dump()}"
    assert [secret for secret in RIGHT.values() if secret in shown] == []


@pytest.mark.usefixtures("right")
def test_settings_cannot_be_changed_once_they_are_read() -> None:
    """Two parts of one process must never see two settings."""
    settings = load(Settings)
    for name in Settings.model_fields:
        with pytest.raises(ValidationError, match="frozen"):
            setattr(settings, name, getattr(settings, name))


@pytest.mark.usefixtures("right")
@pytest.mark.parametrize(
    ("environment", "api"),
    [
        ({"OPENAI_MODEL": ""}, "responses"),
        ({"OPENAI_BASE_URL": "https://api.openai.com/v1"}, "responses"),
        ({"OPENAI_BASE_URL": "http://localhost:11434/v1"}, "chat"),
        ({"OPENAI_BASE_URL": "https://api.openai.com.example/v1"}, "chat"),
        ({"OPENAI_API": "chat"}, "chat"),
        ({"OPENAI_BASE_URL": "http://localhost:11434/v1", "OPENAI_API": "responses"}, "responses"),
    ],
)
def test_openai_is_asked_for_responses_and_everybody_else_for_chat_completions(
    environment: dict[str, str], api: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Most compatible servers know only one of the two, and OpenAI's own models are better with the other."""
    for name, value in ({"OPENAI_MODEL": "local"} | environment).items():
        monkeypatch.setenv(name, value)
    assert load(Settings).endpoint.api == api


@pytest.mark.parametrize(
    ("address", "missing"),
    [("http://localhost:11434/v1", "OPENAI_MODEL"), ("https://api.openai.com/v1", "OPENAI_API_KEY")],
)
def test_an_endpoint_lacks_a_model_name_elsewhere_and_a_key_at_openai(
    address: str, missing: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each fails with every call otherwise, in front of whoever asked first."""
    monkeypatch.setenv("OPENAI_BASE_URL", address)
    assert named(complaint(ModelSettings)) == [missing]


@pytest.mark.usefixtures("right")
@pytest.mark.parametrize(
    ("report", "calls", "few"), [("sections", 2, True), ("sections", 3, False), ("whole", 2, False)]
)
def test_a_run_must_be_allowed_the_calls_that_the_smallest_one_takes(
    report: str, calls: int, few: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With fewer of them no run could ever begin."""
    monkeypatch.setenv("REPORT", report)
    monkeypatch.setenv("MAX_RUN_CALLS", str(calls))
    if few:
        assert named(complaint()) == ["MAX_RUN_CALLS"]
    else:
        assert load(Settings).max_run_calls == calls


@pytest.mark.parametrize(
    ("model", "local", "held"), [("local", False, "0.5"), ("new", False, "0"), ("local", True, "0")]
)
def test_dollars_limit_a_run_where_it_is_known_what_they_buy(model: str, local: bool, held: str) -> None:
    """A model on this machine costs nothing, and one without a price must not keep every run from beginning."""
    wanted = ModelSettings(max_run_price=Decimal("0.5"))
    with priced("100"):
        limits = wanted.run_limits(Endpoint(model, "http://127.0.0.1:1/v1", "none", "chat", 90, local))
    assert (limits.calls, limits.dollars) == (60, Decimal(held))


def test_the_terminal_needs_nothing_at_all() -> None:
    """The first try comes before any account."""
    assert not load(ModelSettings).has_model


@pytest.mark.usefixtures("right")
def test_an_empty_value_is_one_that_is_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    """Platforms and compose files set empty values for what was left out."""
    monkeypatch.setenv("PORT", "")
    assert load(Settings).port == 3000


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file of settings in the folder where the bot is started."""
    monkeypatch.setattr(bot.settings, "ENV_FILE", tmp_path / ".env")
    return tmp_path / ".env"


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("OPENAI_MODEL=local", "local"),
        ("export OPENAI_MODEL = 'my model'  # ours", "my model"),
        ('OPENAI_MODEL="local"\r', "local"),
        ("\ufeffOPENAI_MODEL=local", "local"),
        ("openai_model=local", "local"),
        ("# a comment\n\nOTHER_PROGRAM=1\nOPENAI_MODEL=größer", "größer"),
        ("OPENAI_MODEL=one\nOPENAI_MODEL=two", "two"),
        ("OPENAI_MODEL=", None),
        ("", None),
    ],
)
def test_settings_may_stand_in_a_file(line: str, value: str | None, file: Path) -> None:
    """Nobody should have to type tokens into a shell, whose history keeps them."""
    file.write_text(f"{line}\n", encoding="utf-8")
    assert load(ModelSettings).openai_model == value


def test_the_environment_wins_over_the_file_unless_it_is_empty(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A platform's setting must not be undone by a file that came along with the code."""
    file.write_text("PORT=4000\nKEEP_DAYS=7\n" + "".join(f"{each[0]}={each[1]}\n" for each in RIGHT.items()))
    monkeypatch.setenv("PORT", "5000")
    monkeypatch.setenv("KEEP_DAYS", "")
    settings = load(Settings)
    assert (settings.port, settings.keep_days) == (5000, 7)
    assert "SLACK_BOT_TOKEN" not in os.environ  # what stands in the file is for the bot, not for what it starts


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"OPENAI_API_KEY sk-secret\n", "Lines that must be NAME=value: 1."),
        (b"\n\nOPENAI_API_KEY: sk-secret\nPORT=1\nsk-secret\n", "Lines that must be NAME=value: 3, 5."),
        (b"OPENAI_API_KEY='sk-secret\n", "Lines that must be NAME=value: 1."),
        (b"=sk-secret\n", "Lines that must be NAME=value: 1."),
        (b"# x\nmy key=sk-secret\n", "Lines that must be NAME=value: 2."),
        ("OPENAI_API_KEY=sk-secret".encode("utf-16"), "is no text in UTF-8. Save it as that."),
    ],
)
def test_a_line_that_cannot_be_read_is_told_by_its_number_alone(content: bytes, said: str, file: Path) -> None:
    """It is a token, as a rule, and what is said at the start is kept where many can read it."""
    file.write_bytes(content)
    told = complaint()
    assert told.endswith(said)
    assert "secret" not in told


def test_a_wrong_value_in_the_file_is_not_repeated(file: Path) -> None:
    """The slip that puts a token in the wrong line."""
    file.write_text("PORT=xoxb-misplaced\nOPENAI_BASE_URL=sk-misplaced\n")
    told = complaint()
    assert {"PORT", "OPENAI_BASE_URL"} <= set(named(told))
    assert "misplaced" not in told


def test_a_folder_of_that_name_is_left_alone(file: Path) -> None:
    """Some keep a virtual environment under it."""
    file.mkdir()
    assert load(ModelSettings).openai_model is None


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("research.sqlite", "must be an address"),
        ("mysql://bot:p-secret@db/x", "must be an address"),
        ("postgresql+asyncpg://bot:p-secret@db/x", "must be an address"),
        ("postgresql://bot:p-secret@db:port/x", "must be an address"),
        ("postgresql://bot:p-secret@/x?port=p-secret", "must be an address"),
        ("postgresql://bot:p@p-secret@db/x", "write %40"),
        ("sqlite:///", "must name a file"),
        ("sqlite:///:memory:", "must name a file"),
        ("sqlite:///~nobody-of-this-name/p-secret", "write the whole path"),
        ("sqlite:///research.sqlite?mode=p-secret", "must name a file"),
    ],
)
def test_a_database_address_that_is_none_is_told_without_being_repeated(
    address: str, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It holds a password, and a database in memory would lose what was acknowledged."""
    monkeypatch.setenv("DATABASE_URL", address)
    told = complaint(DatabaseSettings)
    assert named(told) == ["DATABASE_URL"]
    assert said in told
    assert "p-secret" not in told


def test_a_database_address_may_bring_quotes_and_spaces_along(monkeypatch: pytest.MonkeyPatch) -> None:
    """Copies do."""
    monkeypatch.setenv("DATABASE_URL", ' "postgres://bot:p%40ss@db:5432/research" ')
    assert load(DatabaseSettings).database_url == "postgres://bot:p%40ss@db:5432/research"


@pytest.mark.parametrize(
    ("path", "file"),
    [
        ("~/research.sqlite", "{home}/research.sqlite"),
        ("~", "{home}"),
        ("$HOME/research.sqlite", "{home}/research.sqlite"),
        ("${HOME}/a b/research.sqlite", "{home}/a b/research.sqlite"),
        ("/~/research.sqlite", "/~/research.sqlite"),
        ("data~/research.sqlite", "data~/research.sqlite"),
        ("data/$UNSET/research.sqlite", "data/$UNSET/research.sqlite"),
    ],
)
def test_a_database_in_the_home_folder_is_found_there(
    path: str, file: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """No shell reads a file of settings: a folder named "~" would hold what nobody finds again."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{path}")
    assert load(DatabaseSettings).database_url == f"sqlite:///{file.format(home=tmp_path)}"


def test_a_password_is_never_taken_for_a_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    """Passwords hold any sign."""
    monkeypatch.setenv("DATABASE_URL", "postgresql://~:$HOME~@db/research")
    assert load(DatabaseSettings).database_url == "postgresql://~:$HOME~@db/research"
