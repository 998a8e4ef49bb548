"""The environment, read once into frozen values; all that is missing or wrong is told in one message."""

from __future__ import annotations

import os
import re
from decimal import Decimal
from functools import partial
from importlib.util import find_spec
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, TypeVar
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, SecretStr, ValidationError, field_validator
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot import env_file
from bot.adapters.endpoint import Endpoint, private
from bot.adapters.prices import price
from bot.adapters.web.searching import Searching
from bot.research.budget import RunLimits
from bot.research.presets import Presets, packaged, with_own
from bot.service.access import Access
from bot.service.errors import StoreDown
from bot.service.quotas import Limits, QuestionLimits
from bot.service.reply_rules import FollowUps

if TYPE_CHECKING:
    from bot.research.voice import Voice

ENV_FILE = Path(".env")  # in the folder where the bot is started
OPENAI_URL = "https://api.openai.com/v1"
OPENAI_DEFAULT_MODEL = "gpt-6-luna"
NO_ADDRESS = "must be an address such as sqlite:///research.sqlite or postgresql://user@host/name"
LEAST_CALLS = 3  # of a run that is reported in sections: one angle, its section, the synthesis
# Which searches there are, in the order in which those are taken whose variable is set, each with that variable.
SEARCH_VARIABLES = {
    "tavily": "TAVILY_API_KEY",
    "brave": "BRAVE_API_KEY",
    "exa": "EXA_API_KEY",
    "searxng": "SEARXNG_URL",
    "wikipedia": "",
    "openai": "",
    "ddgs": "",
}
SEARCH_SECONDS, SLOW_SEARCH_SECONDS = 8.0, 20.0
HOST = re.compile(r"[\w.-]+|[0-9a-f:.]+")
CONTACT = re.compile(r"[^\s()<>@]{1,64}@[^\s()<>@]{1,190}\.[^\s()<>@]{1,63}|https?://[^\s()<>]+")
# What the ids of people and of channels look like in Slack, and where people find them.
PERSON, CHANNEL = re.compile(r"[UW][A-Z0-9]{2,}"), re.compile(r"[CG][A-Z0-9]{2,}")
NO_PERSON = "must be ids such as U012ABCDEF, separated by commas (in a person's profile in Slack: Copy member ID)"
NO_CHANNEL = "must be ids such as C012ABCDEF, separated by commas (at the end of a channel's details in Slack)"
NO_DATABASE = "There is no database at {where}"
# What a value must be, by pydantic's names of what is wrong with it.
LIMITS = {
    "greater_than_equal": "must be {ge} or more",
    "greater_than": "must be more than {gt}",
    "less_than_equal": "must be {le} or less",
    "literal_error": "must be one of {expected}",
}


class SettingsError(Exception):
    """Something in the environment is missing or wrong; the text says what and what to do about it."""


def _header(secret: SecretStr) -> SecretStr:
    """A token as it may stand in a header: files and copies bring line breaks along, and hints an ellipsis."""
    value = secret.get_secret_value().strip()
    if not value.isascii() or not value.isprintable():
        raise ValueError("has characters that no token has; copy it anew")
    return SecretStr(value)


def _ids(value: str | None, form: re.Pattern[str], otherwise: str) -> str | None:
    """Ids, each once, without spaces between them; raises ValueError with ``otherwise`` where one of them is none."""
    ids = [each.strip() for each in (value or "").split(",") if each.strip()]
    if not all(map(form.fullmatch, ids)):
        raise ValueError(otherwise)
    return ",".join(dict.fromkeys(ids)) or None


def _listed(ids: str | None) -> frozenset[str]:
    return frozenset(ids.split(",") if ids else ())


Token = Annotated[SecretStr, AfterValidator(_header)]


def database_address(text: str) -> str:
    """A database's address without what copies bring along; raises ValueError that never repeats it."""
    value = _expanded(text.strip().strip("\"'"))
    if not value.startswith(("sqlite:///", "postgres://", "postgresql://")):
        raise ValueError(NO_ADDRESS)
    if value.startswith("sqlite") and ("?" in value or value in ("sqlite:///", "sqlite:///:memory:")):
        raise ValueError("must name a file and nothing else, such as sqlite:///research.sqlite")
    from sqlalchemy.exc import ArgumentError  # only those who keep something wait for it

    from bot.adapters.database import Database

    try:
        database = Database(value)
    except (ArgumentError, ValueError):
        raise ValueError(NO_ADDRESS) from None
    database.close()
    if "@" in (database.url.host or ""):
        raise ValueError("has an @ within its password; write %40 for it")
    return value


def _expanded(value: str) -> str:
    """A file's address without what a shell would have replaced: files of settings meet none."""
    scheme, is_file, path = value.partition("sqlite:///")
    if scheme or not is_file:
        return value
    path = os.path.expanduser(os.path.expandvars(path))
    if path.startswith("~"):
        raise ValueError("begins with a ~ that stands for no folder here; write the whole path")
    return f"{is_file}{path}"


def _is_host(text: str) -> bool:
    """Whether this is a host, by name or address, and perhaps a port."""
    try:
        if text.count(":") > 1 and "[" not in text:
            return bool(ip_address(text))
        parts = urlsplit(f"//{text}")
        host, _ = parts.hostname or "", parts.port
        if "[" in text:
            ip_address(host)
    except ValueError:
        return False
    return parts.netloc == text and "@" not in text and bool(HOST.fullmatch(host))


class LogSettings(BaseSettings):
    """How loud we are."""

    model_config = SettingsConfigDict(frozen=True, extra="ignore", env_ignore_empty=True, hide_input_in_errors=True)

    log_level: Literal["debug", "info", "warning", "error"] = Field("info", description="least level that is logged")
    log_format: Literal["json", "console"] | None = Field(
        None, description="`json` or `console`; default `console` on a terminal, `json` elsewhere"
    )

    def missing(self) -> list[str]:
        """What still has to be set, one instruction each."""
        return []


class DatabaseSettings(LogSettings):
    """Where runs are kept."""

    database_url: str = Field(
        "sqlite:///research.sqlite",
        description="`sqlite:///path` (`~` and `$HOME` as in a shell) or `postgresql://user:password@host/name`",
    )
    keep_days: int = Field(90, ge=0, description="days that runs are kept; 0 = for ever")

    @field_validator("database_url", mode="after")
    @classmethod
    def _database(cls, value: str) -> str:
        return database_address(value)


class ModelSettings(LogSettings):
    """Which model answers, and how patient we are with it."""

    openai_api_key: Token | None = Field(None, description="key of the model's provider (`sk-…` at OpenAI)")
    openai_base_url: str | None = Field(None, description="address of any OpenAI-compatible endpoint, ending in `/v1`")
    openai_model: str | None = Field(None, description="model's name; default `gpt-6-luna` with OpenAI itself")
    openai_api: Literal["responses", "chat"] | None = Field(
        None, description="`responses` or `chat`; default `responses` with OpenAI itself, `chat` elsewhere"
    )
    model_timeout: float = Field(90, gt=0, description="seconds that one model call may take")
    run_timeout: float = Field(360, gt=0, description="seconds that the workers of one run may take")
    report: Literal["sections", "whole"] = Field(
        "sections",
        description="`sections`: each section is written while other angles still work; `whole`: one call in the end",
    )
    max_depth: int = Field(
        2, ge=1, le=3, description="levels of workers with `--deep`; 1 = off, 3 = questions may be split once more"
    )
    angles_file: str | None = Field(
        None, description="file with lists of angles of your own for `--angles @name`, in the form of `angles.toml`"
    )
    hedge: Literal["on", "off"] = Field("on", description="`on`: a model call that is late gets a second copy; `off`")
    max_model_calls: int = Field(
        30,
        ge=1,
        description="model calls in flight at once, in each process",
    )
    max_run_calls: int = Field(
        60, ge=2, description="model calls of one run, the least is 2, or 3 with sections; a retry has as many again"
    )
    max_run_tokens: int = Field(0, ge=0, description="tokens of one run, in and out; 0 = no limit")
    max_run_price: Decimal = Field(Decimal(0), ge=0, description="dollars of one run; 0 = no limit")
    search: str = Field(
        "auto",
        description="`auto`, `off`, or the searches to ask in this order: `tavily`, `brave`, `exa`, `searxng`, "
        "`wikipedia`, `openai`, `ddgs`; `auto` takes the one whose variable is set, else `wikipedia`, but none where "
        "the model's address is private",
    )
    search_timeout: float | None = Field(
        None, gt=0, description="seconds for the searches and pages of one angle; default 8, with `openai` 20"
    )
    tavily_api_key: Token | None = Field(None, description="key of Tavily, which searches (`tvly-…`)")
    brave_api_key: Token | None = Field(None, description="key of Brave Search")
    exa_api_key: Token | None = Field(None, description="key of Exa, which searches")
    searxng_url: str | None = Field(None, description="address of a SearXNG of your own, with `json` in its formats")
    contact: str | None = Field(
        None,
        description="e-mail or web address of whoever runs the bot, told to the pages it reads; Wikipedia wants it",
    )
    fetch_allow: str | None = Field(
        None, description="hosts of an intranet whose pages may be read, `host` or `host:port`, separated by commas"
    )

    @field_validator("openai_base_url", "slack_api_url", "searxng_url", mode="after", check_fields=False)
    @classmethod
    def _address(cls, value: str | None) -> str | None:
        value = value.strip(" \t\r\n\"'“”‘’`") if value else value  # what copies and files bring along
        if value and (urlsplit(value).scheme not in ("http", "https") or not urlsplit(value).hostname):
            raise ValueError("must be an address such as http://localhost:11434/v1")
        return value

    @field_validator("search", mode="after")
    @classmethod
    def _searches(cls, value: str) -> str:
        names = [name for each in value.split(",") if (name := each.strip().casefold())]
        if names not in (["auto"], ["off"]) and not SEARCH_VARIABLES.keys() >= set(names):
            raise ValueError(f"must be auto, off, or some of {', '.join(SEARCH_VARIABLES)}")
        return ",".join(dict.fromkeys(names)) or "auto"

    @field_validator("contact", mode="after")
    @classmethod
    def _contact(cls, value: str | None) -> str | None:
        value = value.strip() if value else value
        if value and not (value.isascii() and CONTACT.fullmatch(value)):
            raise ValueError("must be an e-mail address or the address of a page")
        return value

    @field_validator("fetch_allow", mode="after")
    @classmethod
    def _allowed(cls, value: str | None) -> str | None:
        hosts = [host for each in (value or "").split(",") if (host := each.strip())]
        if not all(map(_is_host, hosts)):
            raise ValueError("must be hosts such as wiki.example.com or 10.0.0.7:8080, separated by commas")
        return ",".join(hosts) or None

    @field_validator("angles_file", mode="after")
    @classmethod
    def _lists(cls, value: str | None) -> str | None:
        if value:
            with_own(value)
        return value

    @property
    def presets(self) -> Presets:
        """The lists of angles that there are, by name."""
        return with_own(self.angles_file) if self.angles_file else packaged()

    @property
    def at_openai(self) -> bool:
        """Whether OpenAI itself answers, and not a compatible endpoint."""
        return urlsplit(self.model_url).hostname == "api.openai.com"

    @property
    def has_model(self) -> bool:
        """Whether any model endpoint was named."""
        return bool(self.openai_api_key or self.openai_base_url)

    @property
    def model_url(self) -> str:
        """Where the model answers."""
        return self.openai_base_url or OPENAI_URL

    @property
    def model_name(self) -> str:
        """Which model answers."""
        return self.openai_model or OPENAI_DEFAULT_MODEL

    @property
    def model_api(self) -> Literal["responses", "chat"]:
        """How the model is spoken to: nearly every server but OpenAI's own is safest with chat completions."""
        return self.openai_api or ("responses" if self.at_openai else "chat")

    @property
    def endpoint(self) -> Endpoint:
        """Where the model answers, and how it is spoken to."""
        key = revealed(self.openai_api_key) or "none"  # the SDK wants one, servers without keys take any
        return Endpoint(self.model_name, self.model_url, key, self.model_api, self.model_timeout)

    @property
    def voice(self) -> Voice:
        """How runs speak with the model."""
        from bot.research.voice import VOICES  # only those who research wait for it

        return VOICES[self.report]

    @property
    def allowed_hosts(self) -> tuple[str, ...]:
        """The hosts whose pages may be read though their addresses are private, each with its port if one is named."""
        return tuple(self.fetch_allow.split(",")) if self.fetch_allow else ()

    def searching(self, endpoint: Endpoint) -> Searching:
        """Which searches are asked where that model writes; none that nobody named, where its address is private."""
        names, reason = self._named_searches, ""
        if self.search == "off":
            reason = "off"
        elif not names and private(endpoint.base_url):
            reason = "private"
        elif not names:
            names = ("wikipedia",)
        keys = {"tavily": self.tavily_api_key, "brave": self.brave_api_key, "exa": self.exa_api_key}
        told = {name: revealed(key) for name, key in keys.items() if key}
        seconds = self.search_timeout or (SLOW_SEARCH_SECONDS if "openai" in names else SEARCH_SECONDS)
        return Searching(names, endpoint, seconds, self.contact or "", told, self.searxng_url or "", reason)

    @property
    def _named_searches(self) -> tuple[str, ...]:
        """The searches that are asked for by name, or by their variable."""
        if self.search == "off":
            return ()
        if self.search != "auto":
            return tuple(self.search.split(","))
        return tuple(name for name, variable in SEARCH_VARIABLES.items() if variable and self._has(variable))[:1]

    def _has(self, variable: str) -> bool:
        return bool(getattr(self, variable.casefold()))

    def run_limits(self, endpoint: Endpoint) -> RunLimits:
        """The most that one run may use there; dollars do not count where nobody knows what the model costs."""
        dollars = partial(price, endpoint.model, endpoint.base_url)
        held = self.max_run_price and not endpoint.local and dollars(1, 1) is not None
        return RunLimits(self.max_run_calls, self.max_run_tokens, self.max_run_price if held else Decimal(0), dollars)

    def missing(self) -> list[str]:
        """What still has to be set, one instruction each."""
        return [*self._too_few_calls(), *self._missing_of_model(), *self._missing_of_search()]

    def _missing_of_search(self) -> list[str]:
        names = self._named_searches
        lines = [
            f"{variable}: SEARCH names {name}, which needs it."
            for name in names
            if (variable := SEARCH_VARIABLES[name]) and not self._has(variable)
        ]
        if "openai" in names and self.model_api != "responses":
            lines.append("SEARCH: openai searches only where the model is spoken to with OPENAI_API=responses.")
        if "ddgs" in names and not find_spec("ddgs"):
            lines.append("SEARCH: ddgs is a package that has to be installed by itself (`pip install ddgs`).")
        return lines

    def _too_few_calls(self) -> list[str]:
        if self.report != "sections" or self.max_run_calls >= LEAST_CALLS:
            return []
        return [
            f"MAX_RUN_CALLS: must be {LEAST_CALLS} or more with REPORT=sections: an angle, its section, a synthesis."
        ]

    def _missing_of_model(self) -> list[str]:
        if not self.at_openai and not self.openai_model:
            return ["OPENAI_MODEL: the model's name at OPENAI_BASE_URL, as its server lists it under /models."]
        if self.has_model and self.at_openai and not self.openai_api_key:
            return [
                "OPENAI_API_KEY: OpenAI itself answers nobody without a key (`sk-…`, platform.openai.com, API keys)."
            ]
        return []


class Settings(ModelSettings, DatabaseSettings):
    """All that the bot needs to serve a workspace."""

    slack_bot_token: Token | None = Field(None, description="bot token, `xoxb-…` (OAuth & Permissions)")
    slack_app_token: Token | None = Field(
        None, description="app-level token with `connections:write`, `xapp-…` (Basic Information): Socket Mode"
    )
    slack_signing_secret: Token | None = Field(
        None, description="signing secret (Basic Information): HTTP mode, used when there is no app token"
    )
    slack_api_url: str = Field("https://slack.com/api/", description="base address of Slack's Web API")
    slack_messages_per_second: float = Field(
        1,
        ge=0,
        description="new messages a second and channel, after a burst of three; 0 = as fast as Slack takes them",
    )
    runs_per_user: int = Field(2, ge=0, description="runs of one person at once; 0 = no limit")
    runs_per_workspace: int = Field(20, ge=0, description="runs at once in all; 0 = no limit")
    runs_per_user_day: int = Field(20, ge=0, description="runs of one person a day (UTC); 0 = no limit")
    runs_per_workspace_day: int = Field(200, ge=0, description="runs a day (UTC) in all; 0 = no limit")
    allow_users: str | None = Field(
        None,
        description="ids of the only people who may start research and ask on, guests too, separated by commas; "
        "none = everybody",
    )
    deny_users: str | None = Field(None, description="ids of people who may not; wins over `ALLOW_USERS`")
    allow_channels: str | None = Field(
        None,
        description="ids of the only channels where they may, beside direct messages, separated by commas; none = all",
    )
    deny_channels: str | None = Field(
        None, description="ids of channels where they may not; wins over `ALLOW_CHANNELS`"
    )
    allow_guests: Literal["on", "off"] = Field(
        "off", description="`on`: guests may start research; `off`: they may read it and ask on"
    )
    allow_external: Literal["on", "off"] = Field(
        "off",
        description="`on`: people of other companies, in shared channels, may start research; `off`: as with guests",
    )
    month_budget: Decimal = Field(
        Decimal(0),
        ge=0,
        description="dollars that runs and answers may cost a month (UTC) before no new run begins; 0 = no limit",
    )
    follow_ups: FollowUps = Field(
        "thread", description="which replies are answered: `thread` (all that ask something), `mention` or `off`"
    )
    questions_per_user_hour: int = Field(10, ge=0, description="questions of one person an hour; 0 = no limit")
    questions_per_thread_day: int = Field(30, ge=0, description="questions in one thread a day; 0 = no limit")
    port: int = Field(3000, ge=0, le=65535, description="port of `/healthz`, `/readyz`, `/metrics` and `/slack/events`")
    listen: str | None = Field(
        None,
        description="address of the one interface on which that port is, for instance `127.0.0.1`; none or `::` = all",
    )

    @field_validator("allow_users", "deny_users", mode="after")
    @classmethod
    def _people(cls, value: str | None) -> str | None:
        return _ids(value, PERSON, NO_PERSON)

    @field_validator("allow_channels", "deny_channels", mode="after")
    @classmethod
    def _channels(cls, value: str | None) -> str | None:
        return _ids(value, CHANNEL, NO_CHANNEL)

    @field_validator("listen", mode="after")
    @classmethod
    def _interface(cls, value: str | None) -> str | None:
        try:
            return str(ip_address(value.strip())) if value else None
        except ValueError:
            raise ValueError("must be an address of this machine such as 127.0.0.1") from None

    @property
    def access(self) -> Access:
        """Who may start research and ask on, and where."""
        return Access(
            _listed(self.allow_users),
            _listed(self.deny_users),
            _listed(self.allow_channels),
            _listed(self.deny_channels),
            self.allow_guests == "on",
            self.allow_external == "on",
        )

    @property
    def unheld(self) -> list[str]:
        """The budgets in dollars that cannot hold, as it is not known what the model costs."""
        named = {"MONTH_BUDGET": self.month_budget, "MAX_RUN_PRICE": self.max_run_price}
        wanted = [name for name, dollars in named.items() if dollars]
        return wanted if wanted and price(self.model_name, self.model_url, 1, 1) is None else []

    @property
    def limits(self) -> Limits:
        """How many runs there may be."""
        a_day = (self.runs_per_user_day, self.runs_per_workspace_day)
        return Limits(self.runs_per_user, self.runs_per_workspace, *a_day, self.month_budget)

    @property
    def question_limits(self) -> QuestionLimits:
        """How many questions there may be."""
        return QuestionLimits(self.questions_per_user_hour, self.questions_per_thread_day)

    def missing(self) -> list[str]:
        """What still has to be set, one instruction each."""
        slack = []
        bot, app = revealed(self.slack_bot_token), revealed(self.slack_app_token)
        if not bot:
            slack.append("SLACK_BOT_TOKEN: the bot token (`xoxb-…`; api.slack.com/apps, OAuth & Permissions).")
        elif bot.startswith(("xapp-", "xoxp-")):
            slack.append("SLACK_BOT_TOKEN: begins with `xoxb-`; what is set is a token of another kind.")
        if app.startswith("xox"):
            slack.append("SLACK_APP_TOKEN: begins with `xapp-`; what is set is a token of another kind.")
        if not app and not self.slack_signing_secret:
            slack.append(
                "SLACK_APP_TOKEN: the app-level token with connections:write (`xapp-…`; Basic Information) for Socket "
                "Mode; or SLACK_SIGNING_SECRET (32 hexadecimal characters, same page) for HTTP mode."
            )
        if not self.has_model:
            slack.append(
                "OPENAI_API_KEY: the key of the model's provider (`sk-…`, platform.openai.com, API keys). For another "
                "endpoint set OPENAI_BASE_URL and OPENAI_MODEL instead."
            )
        return slack + super().missing()


def database_down(error: StoreDown, which: str = "The database") -> str:
    """What to tell whoever set DATABASE_URL to a database that fails."""
    return f"{which} cannot be used: {error}. {error.todo or 'See that DATABASE_URL is right'}."


S = TypeVar("S", bound=LogSettings)


def load(kind: type[S]) -> S:
    """Read the environment, and below it the file; raises SettingsError that names all that is missing or wrong."""
    if unreadable := env_file.unreadable(ENV_FILE):
        raise SettingsError(unreadable)
    wrong: dict[str, str] = {}
    read = partial(kind, _env_file=ENV_FILE, _env_file_encoding=env_file.ENCODING)
    try:
        settings = read()
    except ValidationError as error:
        wrong = {str(each["loc"][0]): _why(each) for each in error.errors()}
        # With its defaults in place of what is wrong, it can still tell what is missing.
        settings = read(**{name: kind.model_fields[name].default for name in wrong})
    # Whoever has set one of two in a wrong way need not be told that the other is missing.
    lacking = [line for line in settings.missing() if not any(name.upper() in line for name in wrong)]
    told = [f"{name.upper()}: {why}." for name, why in wrong.items()] + lacking
    if told:
        lines = "\n".join(f"  {line}" for line in told)
        raise SettingsError(f"These settings are missing or wrong:\n{lines}\nSee README, Settings.")
    return settings


def _why(error: ErrorDetails) -> str:
    """What a value must be, in our words where the library's are for programmers."""
    kind, limits = error["type"], error.get("ctx", {})
    if kind.startswith("int_"):
        return "must be a whole number"
    if kind.startswith(("float_", "decimal_", "finite_")):
        return "must be a number"
    if told := LIMITS.get(kind):
        return told.format(**limits)
    return error["msg"].removeprefix("Value error, ")


def revealed(secret: SecretStr | None) -> str:
    """The secret itself, "" if it is not set."""
    return secret.get_secret_value() if secret else ""
