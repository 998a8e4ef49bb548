"""Which addresses may be asked for a page: public ones, and those of an intranet that the operator names.

The address of a connection is looked at when its socket is made: there all names are resolved, all literals are plain,
and a redirect or a name that changes its mind is one more connection.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Sequence

from aiohttp import AddrInfoType
from yarl import URL

# Networks in which an address of the old kind is wrapped; what it leads to is not ours to find out.
_WRAPPED = tuple(
    map(ipaddress.IPv6Network, ("::/96", "64:ff9b::/96", "64:ff9b:1::/48", "2001::/32", "2002::/16", "fec0::/10"))
)


class NotPublic(OSError):
    """A connection to an address that is not public."""


def public(address: str) -> bool:
    """Whether this IP address is one of the open internet."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped:
            found = found.ipv4_mapped
        elif any(found in network for network in _WRAPPED):
            return False
    return found.is_global and not (found.is_multicast or found.is_reserved or found.is_unspecified)


def guarded_socket(info: AddrInfoType) -> socket.socket:
    """A socket for a connection to a public address; raises NotPublic for any other."""
    family, kind, protocol, _, address = info
    if family not in (socket.AF_INET, socket.AF_INET6) or not public(str(address[0])):
        raise NotPublic(f"{address[0]} is not public")
    made = socket.socket(family, kind, protocol)
    made.setblocking(False)
    return made


class Intranet:
    """Hosts that may be read although they are not public: ``host``, ``host:port``, ``[address]:port``."""

    def __init__(self, allowed: Sequence[str] = ()) -> None:
        self._allowed = {_parted(each) for each in allowed}

    def holds(self, url: URL) -> bool:
        """Whether this address is on one of them."""
        host = (url.host or "").rstrip(".").casefold()
        return bool(host) and ((host, url.port) in self._allowed or (host, None) in self._allowed)


def _parted(allowed: str) -> tuple[str, int | None]:
    allowed = allowed.strip()
    if allowed.count(":") > 1 and "]" not in allowed:  # an IPv6 address and nothing else
        return allowed.casefold(), None
    url = URL(f"http://{allowed}")
    return (url.host or "").rstrip(".").casefold(), url.explicit_port
