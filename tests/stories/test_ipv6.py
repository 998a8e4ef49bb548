"""Addresses of IPv6 for all that the bot is told to reach."""

from __future__ import annotations

import select
import socket
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from bot.playground.model import ModelServer
from bot.playground.postgres import Postgres
from bot.playground.slack import Playground
from tests.support.story import Story, settings


def has_ipv6() -> bool:
    """Whether this machine has ::1."""
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:
        return False
    return True


class Relay(socketserver.ThreadingTCPServer):
    """Passes on to a socket in the file system what comes in at a port of ::1; in threads, as the engine blocks."""

    address_family, daemon_threads = socket.AF_INET6, True

    def __init__(self, path: str) -> None:
        super().__init__(("::1", 0), socketserver.BaseRequestHandler)
        self._path = path

    def finish_request(self, request: Any, client_address: Any) -> None:
        with socket.socket(socket.AF_UNIX) as inner:
            inner.connect(self._path)
            ways = {request: inner, inner: request}
            while True:
                for ready in select.select(list(ways), [], [])[0]:
                    piece = ready.recv(65_536)
                    if not piece:
                        return
                    ways[ready].sendall(piece)


@contextmanager
def relayed(path: str) -> Iterator[int]:
    """A port of ::1 behind which stands what listens on a socket in the file system; gives the port."""
    with Relay(path) as relay:
        serving = threading.Thread(target=relay.serve_forever, kwargs={"poll_interval": 0.05})
        serving.start()
        try:
            yield relay.server_address[1]
        finally:
            relay.shutdown()
            serving.join()


@pytest.mark.skipif(not has_ipv6(), reason="this machine has no ::1")
async def test_slack_the_model_and_the_database_are_reached_at_addresses_of_ipv6(postgres: Postgres) -> None:
    """In some networks there are no others, and their brackets are easily lost on the way."""
    slack, model = Playground(), ModelServer()
    slack.host = model.host = "::1"
    name = postgres.fresh().partition("@/")[2].partition("?")[0]
    with relayed(f"{postgres.folder}/.s.PGSQL.5432") as port:
        async with slack, model:
            url = f"postgresql://postgres@[::1]:{port}/{name}"
            wanted = settings(slack, model, "socket", database_url=url)
            assert all("//[::1]:" in address for address in (wanted.slack_api_url, model.url, slack.api_url))
            async with Story(slack, model, slack.workspace.add("energy"), wanted) as told:
                root = await told.ended(await told.research("tea"))
                assert root.text.startswith("Research on tea is done, 3 of 3 angles.")
                assert await told.bot.lacking() == ""
