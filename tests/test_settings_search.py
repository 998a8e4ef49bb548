"""Which searches are asked, as the environment has it."""

from __future__ import annotations

import pytest

import bot.settings
from bot.adapters.endpoint import private
from bot.adapters.web.searching import Searching
from bot.settings import ModelSettings, SettingsError, load

LOCAL = "http://127.0.0.1:11434/v1"


def chosen(**variables: str) -> Searching:
    settings = ModelSettings.model_validate(variables)
    return settings.searching(settings.endpoint)


def complaint(monkeypatch: pytest.MonkeyPatch, **variables: str) -> str:
    for name, value in variables.items():
        monkeypatch.setenv(name.upper(), value)
    with pytest.raises(SettingsError) as caught:
        load(ModelSettings)
    return str(caught.value)


def test_without_a_word_wikipedia_is_asked() -> None:
    assert chosen().names == ("wikipedia",)


@pytest.mark.parametrize(
    ("variable", "name"),
    [
        ("tavily_api_key", "tavily"),
        ("brave_api_key", "brave"),
        ("exa_api_key", "exa"),
        ("searxng_url", "searxng"),
    ],
)
def test_the_search_is_asked_whose_variable_is_set(variable: str, name: str) -> None:
    assert chosen(**{variable: "http://searx.example:8080"}).names == (name,)


def test_of_several_variables_the_first_in_the_order_counts() -> None:
    assert chosen(exa_api_key="e", brave_api_key="b", searxng_url="http://searx:8080").names == ("brave",)


def test_nothing_leaves_a_network_whose_model_is_inside() -> None:
    """A team that runs its own model did not ask for its topics to be sent to anybody."""
    found = chosen(openai_base_url=LOCAL, openai_model="local")
    assert (found.names, found.reason) == ((), "private")


@pytest.mark.parametrize("wanted", [{"searxng_url": "http://searx:8080"}, {"search": "wikipedia"}])
def test_what_was_asked_for_is_searched_beside_a_private_model_as_well(wanted: dict[str, str]) -> None:
    assert chosen(openai_base_url=LOCAL, openai_model="local", **wanted).names


def test_a_search_that_is_off_stays_off() -> None:
    found = chosen(search=" OFF ", tavily_api_key="t")
    assert (found.names, found.reason) == ((), "off")


def test_named_searches_are_asked_in_their_order_each_once() -> None:
    assert chosen(search="Wikipedia, exa,wikipedia", exa_api_key="e").names == ("wikipedia", "exa")


@pytest.mark.parametrize(
    ("wanted", "seconds"),
    [
        ({}, 8),
        ({"search": "wikipedia,openai"}, 20),
        ({"search": "openai", "search_timeout": "12"}, 12),
    ],
)
def test_the_hosted_search_gets_more_time_unless_it_is_set(wanted: dict[str, str], seconds: float) -> None:
    assert chosen(**wanted).seconds == seconds


@pytest.mark.parametrize("value", ["google", "auto,exa", "off,exa", "exa;brave"])
def test_a_search_that_nobody_knows_is_told(value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "SEARCH: must be auto, off, or some of tavily" in complaint(monkeypatch, search=value, exa_api_key="e")


@pytest.mark.parametrize(
    ("name", "variable"),
    [
        ("tavily", "TAVILY_API_KEY"),
        ("brave", "BRAVE_API_KEY"),
        ("exa", "EXA_API_KEY"),
        ("searxng", "SEARXNG_URL"),
    ],
)
def test_a_search_that_is_named_without_its_variable_is_told_with_it(
    name: str, variable: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert f"{variable}: SEARCH names {name}" in complaint(monkeypatch, search=name)


def test_the_hosted_search_needs_a_model_that_has_it(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "OPENAI_API=responses" in complaint(
        monkeypatch, search="openai", openai_base_url="http://models.example/v1", openai_model="other"
    )


def test_a_package_that_is_not_installed_is_told_with_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bot.settings, "find_spec", lambda name: None)
    assert "SEARCH: ddgs is a package that has to be installed" in complaint(monkeypatch, search="ddgs")


@pytest.mark.parametrize("value", ["ops", "ops@example", "me (ops@example.com)", "ops@example.com\nX: y", "ftp://a.b"])
def test_a_contact_is_an_address_that_can_stand_in_a_header(value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "CONTACT: must be an e-mail address" in complaint(monkeypatch, contact=value)


@pytest.mark.parametrize("value", ["ops@example.com", "https://example.com/bots?id=1"])
def test_a_contact_is_an_e_mail_or_a_page(value: str) -> None:
    assert chosen(contact=value).contact == value


@pytest.mark.parametrize(
    "value",
    [
        "http://wiki.example.com",
        "wiki/x",
        "wiki:port",
        "wiki:99999",
        "[::1",
        "[::::]",
        "::g",
        "a b",
        "*.example.com",
        "me@wiki",
        ":80",
    ],
)
def test_a_host_that_may_be_read_is_a_host(value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "FETCH_ALLOW: must be hosts" in complaint(monkeypatch, fetch_allow=value)


def test_hosts_that_may_be_read_are_listed_with_their_ports() -> None:
    settings = ModelSettings(fetch_allow="wiki, 10.0.0.7:8080,, [fd00::7]:80,fd00::8")
    assert settings.allowed_hosts == ("wiki", "10.0.0.7:8080", "[fd00::7]:80", "fd00::8")
    assert ModelSettings().allowed_hosts == ()


def test_no_key_of_a_search_stands_in_what_is_logged() -> None:
    assert "s3cr3t" not in repr(chosen(tavily_api_key="s3cr3t"))


@pytest.mark.parametrize(
    ("url", "inside"),
    [
        ("http://localhost:11434/v1", True),
        ("http://127.0.0.1/v1", True),
        ("http://[::1]:8000/v1", True),
        ("http://10.1.2.3/v1", True),
        ("http://192.168.0.5:1234/v1", True),
        ("http://[fd00::1]/v1", True),
        ("http://169.254.1.1/v1", True),
        ("http://ollama:11434/v1", True),
        ("http://host.docker.internal:11434/v1", True),
        ("http://studio.local:1234/v1", True),
        ("https://api.openai.com/v1", False),
        ("https://8.8.8.8/v1", False),
        ("https://llm.example.com/v1", False),
    ],
)
def test_an_address_says_itself_whether_it_is_private(url: str, inside: bool) -> None:
    assert private(url) is inside
