"""What an endpoint sent back, whatever its shape: an answer, or codes and words that say what went wrong."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from bot.adapters.model_openai_shapes import as_openai, parsed

CODES = {"code", "type", "status", "reason", "error_code", "error_type", "status_code", "__type"}
ECHOES = {"input", "messages", "prompt", "user_id", "request_id", "id", "model", "content_filter_result", "trace"}
FAILURES = ("error", "errors", "detail", "base_resp", "message", "msg")
# How providers say that one request alone is over what a minute allows: waiting does not help.
ALLOWANCE = re.compile(r"limit:? (\d{1,12}), requested:? (\d{1,12})")
NO_METHOD = ("not found", "not allowed", "invalid url", "could not route")
MOST_VALUES = 300  # of a body; what explains a failure stands at its beginning
MOST_CHARACTERS = 4_000


@dataclass(frozen=True)
class Said:
    """A response of ``size`` bytes: ``body`` is its JSON, or its text if it is none; ``headers`` are in lower case."""

    http_status: int
    headers: Mapping[str, str]
    body: Any
    size: int = 0

    @property
    def failed(self) -> bool:
        """Whether it tells of a failure, which some endpoints do with status 200."""
        return self.http_status >= 300 or bool(self._inside)

    @property
    def status(self) -> int:
        """The status that fits: a failure's own code where the response came with 200; 0 if it has none."""
        if self.http_status >= 300 or not self._inside:
            return self.http_status
        numbers = (code for code in self._own_codes if code.isdigit())
        return next((int(code) for code in numbers if len(code) == 3 and 400 <= int(code) < 600), 0)

    @cached_property
    def codes(self) -> frozenset[str]:
        """Every code and type in it, in lower case."""
        return frozenset(self._own_codes)

    @cached_property
    def text(self) -> str:
        """All that it says of the failure, in lower case, without what it repeats of the request."""
        words = [str(value) for key, value in self._leaves if isinstance(value, str)]
        return " ".join(words).lower()[:MOST_CHARACTERS]

    @cached_property
    def names(self) -> frozenset[str]:
        """The parameters that it names, without what stands behind a dot: "reasoning" for ``reasoning.effort``."""
        named = {str(value) for key, value in self._leaves if key in ("param", "loc")}
        return frozenset(name.partition(".")[0] for name in named)

    def number(self, *keys: str) -> float | None:
        """The first number or numeral under one of these keys."""
        for key, value in self._leaves:
            if key.lower() in keys:
                try:
                    return float(value)
                except (TypeError, ValueError, OverflowError):
                    continue
        return None

    def word(self, *keys: str) -> str:
        """The first text under one of these keys; "" if there is none."""
        return next((value for key, value in self._leaves if key.lower() in keys and isinstance(value, str)), "")

    @cached_property
    def exceeds_allowance(self) -> bool:
        """Whether it says that this request alone asks for more tokens than a minute or a day allows."""
        found = ALLOWANCE.search(self.text)
        return found is not None and int(found[2]) > int(found[1])

    @property
    def is_page(self) -> bool:
        """Whether it is a page for people."""
        return isinstance(self.body, str) and self.body.lstrip()[:15].lower().startswith(("<!doctype", "<html"))

    @property
    def leads_elsewhere(self) -> bool:
        """Whether the address is likely wrong: a page answers there, or a server that has no such method."""
        if self.is_page:
            return self.http_status < 300 or self.http_status in (404, 405)
        named = any(word in self.text for word in ("model", "deployment", "for account"))
        if self.http_status in (404, 405):
            missing = any(words in self.text for words in NO_METHOD)
            return not named and (missing or not self.text.strip())
        return self.failed and "unexpected endpoint" in self.text

    @cached_property
    def _inside(self) -> Any:
        """The failure within a body; None if there is none, or if the body is no object at all."""
        body = self.body[0] if isinstance(self.body, list) and self.body else self.body
        if not isinstance(body, dict):
            return None
        choices = body.get("choices")
        first = choices[0] if isinstance(choices, list) and choices else None
        for place in (body, first):
            if isinstance(place, dict) and _tells(place.get("error")):
                return place["error"]
        if first is not None or "output" in body:
            return None
        found = {key: body[key] for key in FAILURES if body.get(key)}
        return body if found else None

    @cached_property
    def _own_codes(self) -> list[str]:
        return [str(value).lower() for key, value in self._leaves if key.lower() in CODES]

    @cached_property
    def _leaves(self) -> list[tuple[str, Any]]:
        """Keys and values of the failure, outermost first, of JSON within texts too."""
        of = self.body if self.http_status >= 300 else self._inside
        if isinstance(of, str):
            of = {"message": of}
        return [pair for pair, _ in zip(_leaves(of), range(MOST_VALUES), strict=False)]


def said(status: int, headers: Mapping[str, str], content: bytes) -> Said:
    """Read a response; raises ValueError where a body promises JSON and does not keep it."""
    try:
        body = parsed(content)
    except (ValueError, RecursionError) as error:
        text = content.decode(errors="replace")
        if status < 300 and not text.lstrip().startswith("<"):
            raise ValueError("malformed body") from error
        body = text
    if status < 300:
        body = as_openai(body)
    return Said(status, {name.lower(): value for name, value in headers.items()}, body, len(content))


def _tells(error: Any) -> bool:
    """Whether a failure says anything: some send one of empty fields beside every answer."""
    return any(error.values()) if isinstance(error, dict) else bool(error)


def _leaves(of: Any) -> Iterator[tuple[str, Any]]:
    level: list[tuple[str, Any]] = [("", of)]
    for _ in range(8):  # how deep a failure may be wrapped
        deeper: list[tuple[str, Any]] = []
        for key, value in level:
            inner = _within(value)
            if isinstance(inner, dict):
                deeper += [(name, each) for name, each in inner.items() if name not in ECHOES]
            elif isinstance(inner, list):
                deeper += [(key, each) for each in inner]
            else:
                yield key, inner
        level = deeper[:MOST_VALUES]


def _within(value: Any) -> Any:
    """The value, or what a text holds that is JSON: gateways wrap failures into the words of their own."""
    if isinstance(value, str) and value.strip()[:1] in ("{", "[") and len(value) < 20 * MOST_CHARACTERS:
        try:
            return json.loads(value)
        except (ValueError, RecursionError):
            return value
    return value
