"""Which options a model takes, learned from what it rejects: no server needs a setting of its own."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from bot.adapters.endpoint import Endpoint
from bot.adapters.model_openai_said import Said
from bot.research.ports import Call

# How the length of an answer is bounded: by the first of these names that the model has not rejected.
CAPS = {"chat": ("max_tokens", "max_completion_tokens"), "responses": ("max_output_tokens",)}
LESSONS = (200, 400, 413, 416, 422, 424, 500)  # statuses with which servers reject an option
NEGATIVE = "got -"  # what vLLM says where the prompt leaves less than no room
UNBOUND = 0  # the length of an answer that is bounded by what the model can read alone
LEAST_CAP = 256  # a smaller number in a message is no cap that an answer fits into

UNSUPPORTED = (
    "unsupported", "not support", "unrecognized", "unknown", "unexpected", "extra input", "extra_forbidden",
    "not permitted", "not allowed", "no longer", "deprecated", "not a valid", "use 'max_completion_tokens'",
)  # fmt: skip
TOO_MUCH = (
    "too large", "too high", "at most", "less than", "lower than", "<=", "≤", "range", "maximum", "exceed", "limit",
    "greater than", "> ", "smaller", "cannot be more", "between", "reduce", "非法", "范围",
)  # fmt: skip
CAP_WORDS = (
    "max_tokens", "max_completion_tokens", "max_output_tokens", "max_new_tokens", "maximum tokens",
    "completion tokens", "output tokens", "in the completion", "in the output", "of output", "maxtokens",
    "num_predict", "max tokens", "maxoutputtokens", "the completion", "or completion", "generation length",
)  # fmt: skip
WINDOW = (
    "context length", "context window", "context size", "context limit", "prompt", "in the messages", "input token",
    "input length", "inputs", "in the input", "the messages",
)  # fmt: skip
STREAMED = (
    "stream mode", "stream=true", "stream: true", "stream must be", "must stream", "streaming is required",
    "streaming required", "requires streaming", "non-streaming", "nonstreaming", "stream=false", "`stream=false`",
    "stream to true", "stream to be true", "enable streaming", "only support stream", "only supports stream",
    "stream parameter to", "'stream' must", "非流式",
)  # fmt: skip
NO_SYSTEM = (
    "roles must alternate", "developer instruction is not enabled", "only user and assistant roles", "got system",
    "first message must be from user", "must start with a user", "does not support 'system'",
)  # fmt: skip
NO_STREAMS = (404, 405, 501)  # statuses beside those of LESSONS
STREAM = re.compile(r"(?<![a-z])stream(?:s|ed|ing|_options)?(?![a-z])")
NUMBER = re.compile(r"\d{1,3}(?:,\d{3})+(?!\d)|\d{1,9}")
SYSTEM = re.compile(r"\bsystem(?:['\"` ]{0,2})(?: ?(?:role|message|prompt|instruction)s?)\b|\brole ['\"`]?system\b")


class Options:
    """What a request to one endpoint carries; it learns from every rejection, for all calls to come.

    ``streamed`` asks for streams, until the endpoint turns out to be better spoken to whole.
    """

    def __init__(self, endpoint: Endpoint, streamed: bool = False) -> None:
        self._endpoint = endpoint
        self._refused: set[str] = set()
        self._most: int | None = None
        self.streams = self._wanted = streamed
        self._only = False

    def garbled(self) -> None:
        """The endpoint's streams cannot be read, or do not say all: it is spoken to whole from now on, if it can be."""
        self.streams = self._only

    @property
    def learned(self) -> list[str]:
        """What this model does not take, or takes instead, as clauses for an operator."""
        caps = CAPS[self._endpoint.api]
        clauses = [f"no {name}" for name in sorted(self._refused - {"system", *caps})]
        if self._cap_name != caps[0]:
            clauses.append(self._cap_name or "no limit to an answer's tokens")
        if "system" in self._refused:
            clauses.append("its instructions with the question")
        if self._wanted and not self.streams:
            clauses.append("no streams")
        if self._only:
            clauses.append("streams only")
        if self._most and self._cap_name:
            clauses.append(f"at most {self._most:,} tokens an answer")
        return [f"takes {clause}" for clause in clauses]

    def body(self, call: Call) -> dict[str, Any]:
        """What to send for a call."""
        system, prompt = call.system, call.prompt
        if "system" in self._refused:
            system, prompt = "", f"{system}\n\n{prompt}"
        if self._endpoint.api == "responses":
            own = {"instructions": system, "input": prompt, "store": False, **self._effort()}
        else:
            own = {"messages": [{"role": "system", "content": system}, {"role": "user", "content": prompt}]}
            own["messages"] = [message for message in own["messages"] if message["content"]]
        if self._cap_name and call.max_tokens != UNBOUND:
            own[self._cap_name] = min(call.max_tokens, self._most or call.max_tokens)
        if self.streams:
            own |= {"stream": True}
            if self._endpoint.api == "chat":
                own["stream_options"] = {"include_usage": True}
        kept = {name: value for name, value in own.items() if name not in self._refused and value != ""}
        return {"model": self._endpoint.model, **kept}

    def learn(self, response: Said, sent: dict[str, Any], call: Call) -> Call | None:
        """What to ask next if the rejection names something that this very request carried and the next one will not.

        Whether it is news does not matter: of calls that start together, all meet the same rejection. That a prompt and
        the bound of its answer are too much together is true of this call alone, which goes on without the bound.
        """
        cap = next((name for name in CAPS[self._endpoint.api] if name in sent), "")
        if cap and response.exceeds_allowance:
            return replace(call, max_tokens=UNBOUND)
        if "stream" in sent and not self._only and _refuses_streams(response):
            self.garbled()
            return call
        if response.status not in LESSONS and response.http_status not in LESSONS:
            return None
        if "stream" not in sent and any(words in response.text for words in STREAMED):
            self.streams = self._only = True
            return call
        if NEGATIVE in response.text:
            return None
        if self._carries_system(sent) and (_names_system(response) or _rejects(response, "instructions")):
            self._refused.add("system")
            return call
        if cap and _names_cap(response):
            return self._lower(sent[cap], response, call)
        named = [
            name
            for name in sent
            if name not in ("model", "messages", "input", "instructions") and _rejects(response, name)
        ]
        self._refused.update(named)
        return call if named else None

    @property
    def _cap_name(self) -> str:
        return next((name for name in CAPS[self._endpoint.api] if name not in self._refused), "")

    def _effort(self) -> dict[str, Any]:
        """Little hidden thinking, where a model thinks: three hundred words want speed."""
        at_openai = urlsplit(self._endpoint.base_url).hostname == "api.openai.com"
        return {"reasoning": {"effort": "low"}} if at_openai else {}

    def _carries_system(self, sent: dict[str, Any]) -> bool:
        return "instructions" in sent or any(message["role"] == "system" for message in sent.get("messages", ()))

    def _lower(self, cap: int, response: Said, call: Call) -> Call | None:
        """Ask for the length that is named, or for none; a prompt that does not fit alone is another matter."""
        numbers = {int(number.replace(",", "")) for number in NUMBER.findall(response.text)}
        numbers -= {int(code) for code in response.codes if code.isdecimal() and len(code) < 10}
        if any(word in response.text for word in WINDOW):
            return None if _prompt_is_too_long(numbers, cap) else replace(call, max_tokens=UNBOUND)
        named = max((number for number in numbers if LEAST_CAP <= number < cap), default=0)
        if named:
            self._most = min(named, self._most or named)
        else:
            self._refused.update(CAPS[self._endpoint.api])
        return call


def _refuses_streams(response: Said) -> bool:
    if response.status not in (*LESSONS, *NO_STREAMS):
        return False
    named = bool(STREAM.search(response.text)) or not response.names.isdisjoint(("stream", "stream_options"))
    return named or response.status == 501 or response.leads_elsewhere


def _names_system(response: Said) -> bool:
    text = response.text
    if any(words in text for words in NO_SYSTEM):
        return True
    return bool(SYSTEM.search(text)) and any(
        words in text for words in (*UNSUPPORTED, "not enabled", "invalid", "error")
    )


def _names_cap(response: Said) -> bool:
    """Whether it says that so long an answer cannot be had, and not that the option is unknown."""
    text = response.text
    named = any(words in text for words in CAP_WORDS) or not response.names.isdisjoint(CAP_WORDS)
    return named and any(words in text for words in TOO_MUCH) and not any(words in text for words in UNSUPPORTED)


def _rejects(response: Said, name: str) -> bool:
    if name in response.names:
        return True
    words = (*response.codes, response.text)
    unsupported = any(mark in each for each in words for mark in UNSUPPORTED)
    return unsupported and bool(re.search(rf"(?<![a-z_]){name}(?![a-z_])", response.text))


def _prompt_is_too_long(numbers: set[int], cap: int) -> bool:
    """Whether a message that counts the prompt, its sum with the cap and the window says that the prompt is over it."""
    for prompt in numbers:
        others = numbers - {prompt, prompt + cap, cap}
        if prompt + cap in numbers and others:
            return all(prompt >= window for window in others)
    return False
