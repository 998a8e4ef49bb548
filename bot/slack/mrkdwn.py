"""Plain text made safe for Slack: it pings nobody, breaks no payload, and reads as it was typed. Pure."""

from __future__ import annotations

import re

ZWSP = "\N{ZERO WIDTH SPACE}"

# Controls but for tab and newline, and the marks that would turn the rest of a line around.
_UNFIT = re.compile("\r(?=\n)|[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
_LINE_END = re.compile("[\r\u2028\u2029]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_LT = r"<|&lt;?|&#0*60;?|&#[xX]0*3[cC];?"
_AT = r"[@＠﹫]|&commat;|&#0*64;?|&#[xX]0*40;?"
# An address is left alone, every other beginning of a ping is found; what stands between counts as nothing to a client.
_PING = re.compile(
    rf"https?://[^\s<>|&]*|(?P<lt>{_LT})(?=[\\\u200c\u200d\u2060\ufeff]*[!@])"
    rf"|(?P<at>{_AT})(?=\\?(?:channel|here|everyone))",
    re.IGNORECASE,
)
# As Slack writes people, channels, groups and dates, and links: <@U1>, <#C1|general>, <!here>, <https://x|label>.
_REFERENCE = re.compile(r"<(?P<kind>[@#!]|(?=(?:https?|mailto|tel):))(?P<target>[^<>|]+)(?:\|(?P<label>[^<>]*))?>")


def fit(text: str) -> str:
    """The text without characters that no payload survives; a lone surrogate becomes U+FFFD, a line end \\n."""
    return _LINE_END.sub("\n", _SURROGATE.sub("\N{REPLACEMENT CHARACTER}", _UNFIT.sub("", text)))


def harmless(text: str) -> str:
    """Fit text in which no ping is left; otherwise as it is, for fields that Slack shows as plain text."""
    return _PING.sub(lambda found: found[0] + (ZWSP if found["lt"] or found["at"] else ""), fit(text))


def escape(text: str) -> str:
    """Plain text for a mrkdwn or ``text`` field: entities once, pings broken."""
    return harmless(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def unescape(text: str) -> str:
    """What Slack sends, as it was typed: the three entities that it uses, once."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def readable(text: str) -> str:
    """What Slack tells of a message, as people read it: mentions, channels and links in words, entities once."""
    return unescape(_REFERENCE.sub(_words, text))


def _words(found: re.Match[str]) -> str:
    kind, target, label = found["kind"], found["target"], found["label"] or ""
    if kind == "!":
        return label or (f"@{target}" if target in ("here", "channel", "everyone") else "")
    return f"{kind}{(label or target).lstrip(kind)}" if kind else label or target


def spoken(text: str) -> str:
    """A ``text`` of ours for a field that takes plain text only: dates as they are elsewhere, entities once."""
    return readable(re.sub(r"<!date[^<>|]*\|([^<>]*)>", r"\1", text))


def quoted(text: str) -> str:
    """Plain text that may stand within bold or code: a zero-width space keeps each mark from meaning anything."""
    return re.sub(r"([*_~`])", rf"\1{ZWSP}", escape(text))
