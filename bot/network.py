"""How the outside is reached: through which proxy, if any, and in plain words why it is not."""

from __future__ import annotations

import os
import ssl
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Any
from urllib.request import getproxies_environment

import aiohttp
from aiohttp import ClientHandlerType, ClientRequest, ClientResponse, http_exceptions
from yarl import URL

PROXIED = {"http": "http", "ws": "http", "https": "https", "wss": "https"}  # a scheme, whose proxy it goes through
PROXY_LOGIN_REQUIRED = 407
LOGIN_REFUSED = "does not take the user and password that are set for it (HTTP 407)"
_BETWEEN = str.maketrans(dict.fromkeys(",;|\"'", " "))  # hosts of NO_PROXY; quotes are left in it by some launchers
WORDS: dict[type[BaseException], str] = {
    http_exceptions.HttpProcessingError: "the answer does not keep to HTTP",
    aiohttp.ServerDisconnectedError: "the connection was closed before an answer came",
    aiohttp.ClientPayloadError: "the connection was cut in the middle of an answer",
    aiohttp.InvalidURL: "the address is none",
    TimeoutError: "timeout",
}
WRONG_PROXY = (
    "{name} cannot be used: the bot goes through proxies at http:// or https:// addresses, such as "
    "http://proxy.example.com:3128."
)


class ProxyFailed(aiohttp.ClientConnectionError):
    """The proxy on the way let a request down; the text is a clause that says which and how, without its password."""


@dataclass(frozen=True)
class Proxies:
    """The proxies of the environment and the hosts that are reached without them; loopback always is.

    ``variables`` are those that name the proxy for each scheme.
    """

    addresses: Mapping[str, str]
    variables: Mapping[str, str]
    exempt: tuple[str, ...] = ()

    @classmethod
    def of_environment(cls) -> Proxies:
        """HTTPS_PROXY, HTTP_PROXY and, for what these leave out, ALL_PROXY; NO_PROXY; in lower case first."""
        named = {name: value.strip() for name, value in getproxies_environment().items() if value.strip()}
        exempt = named.pop("no", "").translate(_BETWEEN).casefold().split()
        whose = {scheme: scheme if scheme in named else "all" for scheme in ("http", "https")}
        addresses = {scheme: _complete(named[name]) for scheme, name in whose.items() if name in named}
        return cls(addresses, {scheme: f"{name}_proxy".upper() for scheme, name in whose.items()}, tuple(exempt))

    @property
    def wrong(self) -> str:
        """What to tell whoever set a proxy that cannot be used, "" if there is none."""
        for scheme, address in self.addresses.items():
            if not _usable(address):
                return WRONG_PROXY.format(name=self.variables[scheme])
        return ""

    def towards(self, url: URL) -> URL | None:
        """The proxy on the way to an address, None if there is none; raises ProxyFailed if it cannot be used."""
        scheme = PROXIED.get(url.scheme, "")
        address = self.addresses.get(scheme)
        if not address or _is_here(url.host or "") or any(_covers(rule, url) for rule in self.exempt):
            return None
        if not _usable(address):
            raise ProxyFailed(WRONG_PROXY.format(name=self.variables[scheme]).rstrip("."))
        return URL(address)

    def variable(self, url: URL) -> str:
        """The variable that names the proxy on the way to an address, "" if there is none."""
        return self.variables[PROXIED[url.scheme]] if self.towards(url) else ""

    def told(self, url: URL) -> str:
        """The proxy on the way to an address, by its variable and where it is; "" if there is none."""
        proxy = self.towards(url)
        return f"the proxy that {self.variable(url)} names ({_where(proxy)})" if proxy else ""

    async def through(self, request: ClientRequest, send: ClientHandlerType) -> ClientResponse:
        """Send a request on the way that is set for its address, whatever a library has read in the environment.

        Raises ProxyFailed where it is the proxy that lets it down.
        """
        proxy = self.towards(request.url)
        request.update_proxy(proxy, None, None)
        try:
            response = await send(request)
        except aiohttp.ClientError as error:
            if proxy and (how := _let_down(error, proxy)):
                raise ProxyFailed(f"{self.told(request.url)} {how}") from error
            raise
        if proxy and response.status == PROXY_LOGIN_REQUIRED:  # only a proxy says that
            response.close()
            raise ProxyFailed(f"{self.told(request.url)} {LOGIN_REFUSED}")
        return response


def session(**settings: Any) -> aiohttp.ClientSession:
    """A session whose requests and sockets go through the proxies of the environment; ``settings`` as aiohttp's."""
    connector = settings.pop("connector", None) or aiohttp.TCPConnector(ssl=trusted())
    return aiohttp.ClientSession(middlewares=(Proxies.of_environment().through,), connector=connector, **settings)


def trusted() -> ssl.SSLContext:
    """Whom the environment trusts: aiohttp itself looks once for all, when it is imported."""
    return _trusted(os.environ.get("SSL_CERT_FILE"), os.environ.get("SSL_CERT_DIR"))


@lru_cache
def _trusted(file: str | None, folder: str | None) -> ssl.SSLContext:
    return ssl.create_default_context()


def _complete(address: str) -> str:
    return address if "://" in address else f"http://{address}"


def _usable(address: str) -> bool:
    try:
        url = URL(address)
    except ValueError:
        return False
    return url.scheme in ("http", "https") and bool(url.host)


def _where(proxy: URL) -> str:
    return f"{proxy.host_subcomponent}:{proxy.port}"


def _let_down(error: aiohttp.ClientError, proxy: URL) -> str:
    """How the proxy let a request down, "" if it was not the proxy."""
    match error:
        case aiohttp.ClientHttpProxyError(status=status):
            return LOGIN_REFUSED if status == PROXY_LOGIN_REQUIRED else f"does not let us through (HTTP {status})"
        case aiohttp.ConnectionTimeoutError():
            return "does not answer: timeout"
        case aiohttp.ClientProxyConnectionError():
            return f"does not answer: {_numbered(error.os_error)}"
        case aiohttp.ClientConnectorError() if (error.host, error.port) == (proxy.host, proxy.port):
            return f"is not reached: {_worded(error)}"
    return ""


def _is_here(host: str) -> bool:
    """Whether a host is this machine itself."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    ip = _ip(host)
    return bool(ip and (ip.is_loopback or ip.is_unspecified))


def _ip(host: str) -> IPv4Address | IPv6Address | None:
    """The address that a host is given by, None if it is given by a name."""
    try:
        ip = ip_address(host.partition("%")[0])
    except ValueError:
        return None
    return getattr(ip, "ipv4_mapped", None) or ip


def _covers(rule: str, url: URL) -> bool:
    """Whether a rule of NO_PROXY is about an address: all, a name and what is below it, an IP or a network of them.

    A port, and stars for what may be anything, are heeded as well; a scheme before it and a slash behind are not.
    """
    host, rule = (url.host or "").casefold().rstrip("."), rule.rpartition("://")[2].rstrip("/")
    name, _, port = rule.rpartition(":") if rule.count(":") == 1 or "]:" in rule else (rule, "", "")
    if port and port != str(url.port):
        return False
    if name == "*":
        return True
    name = name.replace("[", "").replace("]", "")
    if (network := _network(name)) and (ip := _ip(host)):
        return ip in network
    name = name.removeprefix("*").strip(".")
    return bool(name) and (fnmatchcase(host, name) or host.endswith(f".{name}"))


def _network(name: str) -> IPv4Network | IPv6Network | None:
    """The network, be it of one address, that a name of NO_PROXY is; None if it is none."""
    try:
        return ip_network(name, strict=False)
    except ValueError:
        return None


def network_cause(error: BaseException) -> str:
    """Why the network, not whoever answers, let a request down: plain words with the system's number, no secret."""
    return next(filter(None, (_worded(each) for each in chain(error))), "") or "the connection broke"


def chain(error: BaseException | None) -> Iterator[BaseException]:
    """An error, what it came of, and so on, each once."""
    seen: set[int] = set()
    while error and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__


def _worded(error: BaseException) -> str:
    if isinstance(error, ProxyFailed):
        return str(error)
    if isinstance(error, aiohttp.ClientConnectorCertificateError):
        return f"the certificate of {error.host} is not trusted: {_flaw(error.certificate_error)}"
    if isinstance(error, aiohttp.ClientConnectorError):
        return _unconnected(error)
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"a certificate is not trusted: {_flaw(error)}"
    if isinstance(error, ssl.SSLError):
        return f"no secure connection: {_flaw(error)}"
    garbled = isinstance(error.__cause__, http_exceptions.HttpProcessingError)  # its status is none that was sent
    if isinstance(error, aiohttp.ClientResponseError) and error.status and not garbled:
        return f"HTTP {error.status} where another answer was expected"
    if isinstance(error, OSError) and error.errno:
        return _numbered(error)
    return next((words for kind, words in WORDS.items() if isinstance(error, kind)), "")


def _unconnected(error: aiohttp.ClientConnectorError) -> str:
    match error:
        case aiohttp.ClientConnectorSSLError():
            return f"no secure connection to {error.host}: {_flaw(error.os_error)}"
        case aiohttp.ClientConnectorDNSError():
            return f"the name {error.host} is not known ({_numbered(error.os_error)})"
    return _numbered(error.os_error)


def _numbered(error: OSError) -> str:
    """What the system says, as words in lower case, and its number."""
    if isinstance(error.errno, int):
        words = error.strerror if error.errno < 0 else os.strerror(error.errno)  # a resolver's number is its own
        return f"{(words or 'unknown error').lower()} (errno {error.errno})"
    return "no connection"


def _flaw(error: BaseException) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return getattr(error, "verify_message", "") or "it cannot be verified"
    reason = getattr(error, "reason", None)
    return reason.replace("_", " ").lower() if reason else "TLS failed"
