"""Before the first command: does Slack take our tokens, does the model answer, is anything found; a line each."""

from __future__ import annotations

from collections.abc import AsyncIterator

import aiohttp
from yarl import URL

from bot import network
from bot.adapters.database import Database
from bot.adapters.endpoint import likely_address, without_login
from bot.adapters.model_openai import OpenAIModel
from bot.adapters.model_queue import ModelQueue
from bot.adapters.seat_postgres import Pooled, seats
from bot.check_line import Line
from bot.check_web import web_lines
from bot.research.errors import (
    AnswerIncomplete,
    ContextTooLong,
    KeyRejected,
    ModelError,
    ModelTimeout,
    NotServedHere,
    OutOfCredit,
    ProviderDown,
    RequestRejected,
    Unintelligible,
    Unreachable,
    Untrusted,
)
from bot.research.model_call import TOKENS_PER_WORD
from bot.research.ports import Call, Priority
from bot.research.synthesize import WORDS as REPORT
from bot.research.words import capital, duration, short
from bot.serve import BAD_BOT_TOKEN, app_token_told
from bot.service.errors import StoreDown
from bot.settings import NO_DATABASE, Settings, database_down, revealed
from bot.slack.transport.client import CALL_TIMEOUT, SLACK_ERRORS, cause, web_client

TODO = {
    KeyRejected: "Copy OPENAI_API_KEY anew from the provider's page of API keys.",
    OutOfCredit: "Add credit at the provider, or set another OPENAI_API_KEY.",
    RequestRejected: "See that OPENAI_MODEL is a model of this endpoint and OPENAI_BASE_URL ends as it should (/v1).",
    Unreachable: "See that this machine reaches it and, where OPENAI_BASE_URL is set, that its server runs.",
    Unintelligible: "See that OPENAI_BASE_URL is right and another kind of server does not answer there.",
    Untrusted: "See that OPENAI_BASE_URL has the host's own name, or set SSL_CERT_FILE to its authority's certificate.",
    NotServedHere: "Set OPENAI_BASE_URL and OPENAI_API_KEY to a provider that serves this country.",
    ContextTooLong: "Give the model a larger context; a report takes about 10,000 tokens of it.",
}
REACHED = "See that this machine reaches it."
UNHELD = "{name} does not hold: it is not known what {where} costs."
MISPLACED = "See that {variable} is right, or name {host} in NO_PROXY if this machine reaches it without a proxy."
UNHEARD = (Unreachable, ModelTimeout, Untrusted, Unintelligible)  # may be a proxy's fault
# What a wrong address leads to: a method or a page that is not there, an answer to another question, nobody.
MISLED = (RequestRejected, AnswerIncomplete, Unreachable, Unintelligible, ProviderDown, KeyRejected)


async def check(settings: Settings) -> AsyncIterator[Line]:
    """Try each connection that the bot needs, one after the other."""
    if wrong := network.Proxies.of_environment().wrong:
        yield Line(False, "Proxy", wrong)
        return
    async with network.session(timeout=CALL_TIMEOUT) as session:
        yield await _bot_token(settings, session)
        yield await _delivery(settings, session)
    yield await _model(settings)
    for name in settings.unheld:
        yield Line(False, "Budget", UNHELD.format(name=name, where=_where(settings)))
    yield await _database(settings)
    async for line in web_lines(settings):
        yield line


async def _bot_token(settings: Settings, session: aiohttp.ClientSession) -> Line:
    client = web_client(revealed(settings.slack_bot_token), settings.slack_api_url, session, _uncounted)
    try:
        me = await client.auth_test()
    except SLACK_ERRORS as error:
        return _refused("Slack", error, BAD_BOT_TOKEN, settings)
    return Line(True, "Slack", f"I am @{me.get('user')} in the workspace {me.get('team')} ({me.get('url')}).")


async def _delivery(settings: Settings, session: aiohttp.ClientSession) -> Line:
    token = revealed(settings.slack_app_token)
    if not token:
        told = "SLACK_SIGNING_SECRET is set; whether it is right shows with Slack's first request to /slack/events."
        return Line(True, "HTTP mode", told)
    client = web_client(token, settings.slack_api_url, session, _uncounted)
    try:
        await client.apps_connections_open(app_token=token)
    except SLACK_ERRORS as error:
        return _refused("Socket Mode", error, app_token_told(cause(error)), settings)
    return Line(True, "Socket Mode", "Slack opens sockets for SLACK_APP_TOKEN.")


def _refused(name: str, error: BaseException, told: str, settings: Settings) -> Line:
    if isinstance(error, aiohttp.ClientError | TimeoutError | OSError):
        why, url = cause(error), settings.slack_api_url
        what = capital(why) if isinstance(error, network.ProxyFailed) else f"{url} does not answer: {why}"
        return Line(False, name, f"{what}. {_see(url, why, REACHED)}")
    return Line(False, name, told.format(cause=cause(error)))


def _see(url: str, why: str, todo: str) -> str:
    """What to do where an address does not answer: another thing if it is the proxy that does not."""
    proxies, where = network.Proxies.of_environment(), URL(url)
    proxy = proxies.told(where)
    if proxy and proxy in why:
        return MISPLACED.format(variable=proxies.variable(where), host=where.host)
    return f"{todo} It is asked through {proxy}." if proxy else todo


async def _model(settings: Settings) -> Line:
    """Whether it answers with the room that a report needs, and what it was learned to take."""
    room = REPORT[1] * TOKENS_PER_WORD
    call = Call("check", "check", "You answer in one word.", "Say: ready", Priority.FOLLOW_UP, max_tokens=room)
    where = _where(settings)
    try:
        async with OpenAIModel(settings.endpoint, ModelQueue(1)) as model:
            text = await model.write(call)
    except ModelError as error:
        return Line(False, "Model", f"{where}: {_told(error)} {_todo(error, settings.model_url)}")
    learned = "".join(f"; it {clause}" for clause in model.learned)
    return Line(True, "Model", f"{where} answers in {duration(text.seconds)}{learned}.")


def _where(settings: Settings) -> str:
    return f"{settings.model_name} at {without_login(settings.model_url)}"


def _told(error: ModelError) -> str:
    return f"{capital(short(error.failure))}{f': {error.because}' if error.because else ''}."


def _todo(error: ModelError, url: str) -> str:
    """What to do; an address that is likely wrong is told with the one that is likely right."""
    likely = likely_address(url)
    todo = TODO.get(type(error), "Try again in a few minutes; if it stays so, ask the provider.")
    if isinstance(error, MISLED) and likely != url.rstrip("/"):
        todo = f"OPENAI_BASE_URL is likely meant to be {without_login(likely)}."
    return _see(url, str(error), todo) if isinstance(error, UNHEARD) else todo


async def _database(settings: Settings) -> Line:
    """Whether it takes changes, and holds locks; a file is not made, and not taken from a bot that serves from it."""
    database = Database(settings.database_url)
    try:
        await database.takes_changes()
        if not database.is_file:
            await seats(database)
    except Pooled as error:
        return Line(False, "Database", str(error))
    except StoreDown as error:
        return Line(False, "Database", database_down(error, database.told))
    finally:
        database.close()
    if not database.exists:
        return Line(
            True, "Database", f"{NO_DATABASE.format(where=database.told)} yet; it will be made at the first start."
        )
    return Line(True, "Database", f"{database.told} answers.")


def _uncounted(method: str, outcome: str) -> None:
    """A check has no counters."""
