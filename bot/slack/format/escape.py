"""Plain text made safe for Slack: it pings nobody, breaks no payload, and reads as it was typed. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

from bot.research import words
from bot.text.typed import fit

ZWSP = "\N{ZERO WIDTH SPACE}"

# Controls but for tab and newline, and the marks that would turn the rest of a line around.
_LT = r"<|&lt;?|&#0*60;?|&#[xX]0*3[cC];?"
_AT = r"[@＠﹫]|&commat;|&#0*64;?|&#[xX]0*40;?"
# An address is left alone, every other beginning of a ping is found; what stands between counts as nothing to a client.
_PING = re.compile(
    rf"https?://[^\s<>|&]*|(?P<lt>{_LT})(?=[\\\u200c\u200d\u2060\ufeff]*[!@])"
    rf"|(?P<at>{_AT})(?=\\?(?:channel|here|everyone))",
    re.IGNORECASE,
)
# As Slack writes people, channels, groups and dates, and links: <@U1>, <#C1|general>, <!here>, <https://x|label>.
_REFERENCE = re.compile(
    r"<(?:(?P<kind>[@#!])(?P<target>(?P<id>(?<=@)[UWB][A-Z0-9]++|(?<=#)[CDG][A-Z0-9]++|(?<=!)subteam\^[A-Z0-9]++)"
    r"|(?<=!)(?:here|channel|group|everyone)|(?<=!)[a-z_]++(?:\^[^<>|]*+)?(?=\|))"
    r"|(?P<link>(?:https?|mailto|tel):[^<>|]++))(?:\|(?P<label>[^<>]*+))?>"
)
_MENTION = re.compile(r"<@(?P<user>\w++)(?:\|[^<>]*+)?>[\s,:]*+")
_DATE = re.compile(r"<!date[^<>|]*+\|([^<>]*+)>")
_EMPHASIS = re.compile(r"([*_~`])")
NOBODY: Mapping[str, str] = MappingProxyType({})
# What somebody or something is called whose name is not to be had.
NAMELESS = {"@": words.TEAMMATE, "#": words.CHANNEL, "!": words.GROUP}


def harmless(text: str) -> str:
    """Fit text in which no ping is left; otherwise as it is, for fields that Slack shows as plain text."""
    return _PING.sub(lambda found: found[0] + (ZWSP if found["lt"] or found["at"] else ""), fit(text))


def escape(text: str) -> str:
    """Plain text for a mrkdwn or ``text`` field: entities once, pings broken."""
    return harmless(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def unescape(text: str) -> str:
    """What Slack sends, as it was typed: the three entities that it uses, once."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def readable(text: str, names: Mapping[str, str] = NOBODY) -> str:
    """What Slack tells of a message, as people read it: references in words, entities once.

    ``names`` are those of people and channels by their ids; whoever has none is "a teammate" or "a channel".
    """
    return without_ids(unescape(_REFERENCE.sub(lambda found: _words(found, names), text)), names)


def without_ids(text: str, names: Mapping[str, str] = NOBODY) -> str:
    """Plain text with people, channels and groups in words; somebody may have typed their ids."""
    return _REFERENCE.sub(lambda found: _words(found, names) if found["id"] else found[0], text)


def unnamed(text: str) -> list[str]:
    """The ids of people and channels that a text refers to without saying what they are called, each once."""
    found = (each for each in _REFERENCE.finditer(unescape(text)) if each["kind"] in ("@", "#") and not each["label"])
    return list(dict.fromkeys(each["target"] for each in found))


def mention(text: str, user: str) -> re.Match[str] | None:
    """Where this person is first mentioned, with the comma or colon behind it; None if nowhere."""
    return next((found for found in _MENTION.finditer(text) if found["user"] == user), None)


def unmentioned(text: str, user: str) -> str:
    """The text without mentions of this person."""
    return _MENTION.sub(lambda found: "" if found["user"] == user else found[0], text).strip()


def _words(found: re.Match[str], names: Mapping[str, str]) -> str:
    kind, target, label = found["kind"], found["target"], (found["label"] or "").strip()
    if not kind:
        return label or str(found["link"]).removeprefix("mailto:").removeprefix("tel:")
    if kind == "!" and target in ("here", "channel", "group", "everyone"):
        return f"@{target}"
    if kind == "!":
        return label or (NAMELESS["!"] if target.startswith("subteam") else "")
    name = label.lstrip(kind) or names.get(target, "")
    return f"{kind}{name}" if name else NAMELESS[kind]


def spoken(text: str) -> str:
    """A ``text`` of ours for a field that takes plain text only: dates as they are elsewhere, entities once."""
    return readable(_DATE.sub(r"\1", text))


def quoted(text: str) -> str:
    """Plain text that may stand within bold or code: a zero-width space keeps each mark from meaning anything."""
    return _EMPHASIS.sub(rf"\1{ZWSP}", escape(text))
