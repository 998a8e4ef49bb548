"""Links that show where they lead: the host beside the label, and only http and https lead anywhere. Pure."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

_MARKS = re.compile(r"[*_`~<>]+")
_BLANK = re.compile(r"[\x00-\x20\x7f]+")
# "www.host.example" and "host.example/page", which Markdown would take for pages beside this one.
_BARE = re.compile(r"(?:www\.[\w\-]|(?:[\w\-]{1,63}+\.)++[a-zA-Z]{2,}/)[^\s\\@]*+")
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")


def host(address: str) -> str:
    """Where a browser goes for an http or https address, in letters that cannot pass for others; "" for any other."""
    try:
        parts = urlsplit(_address(address).replace("\\", "/"))  # as browsers read it
        name = parts.hostname or "" if parts.scheme in ("http", "https") else ""
        return name if name.isascii() else name.encode("idna").decode()
    except (UnicodeError, ValueError):
        return ""


def link(label: str, address: str) -> str:
    """A Markdown link whose label ends with its host in brackets; the label alone where the address leads nowhere."""
    label, there = " ".join(label.split()), host(address)
    if not there:
        mail = address.strip().removeprefix("mailto:").partition("?")[0]
        is_mail = address.strip().startswith("mailto:") and mail.casefold() not in label.casefold()
        return f"{label} ({mail})".strip() if is_mail else label
    address = _address(address)
    if not label or label == address:
        return address
    if not _names(label, there):
        label = f"{label} ({there})"
    return f"[{label}]({address})"


def spoken(label: str, address: str) -> str:
    """A link as it is read aloud: its label and its address, the host once."""
    if not address or label == address:
        return label
    return f"{label.removesuffix(f' ({host(address)})')} ({address})"


def _address(address: str) -> str:
    """The address without what would end a Markdown link early."""
    address = _ESCAPED.sub(r"\1", address) if "://" in address[:10] else address
    address = f"https://{address}" if _BARE.fullmatch(address) else address
    address = _BLANK.sub(lambda found: "%20" * (found[0] == " "), address.strip())
    if address.count("(") != address.count(")"):
        address = address.replace("(", "%28").replace(")", "%29")
    return address.replace("<", "%3C").replace(">", "%3E").replace("|", "%7C")


def _names(label: str, there: str) -> bool:
    """Whether the label says already where it leads: it is that address or its host, or ends with the host."""
    label = _MARKS.sub("", label)
    if label.endswith(f"({there})"):
        return True
    own = host(label if "://" in label else f"https://{label}") if " " not in label else ""
    return own.removeprefix("www.") == there.removeprefix("www.")
