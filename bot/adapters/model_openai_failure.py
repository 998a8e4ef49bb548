"""What a failure means, told by its status and its codes, and by its words where only these tell."""

from __future__ import annotations

from collections.abc import Callable

from bot.adapters import model_openai_words as words
from bot.adapters.model_openai_said import Said
from bot.adapters.model_openai_waits import wait
from bot.research.errors import (
    AnswerIncomplete,
    ContextTooLong,
    KeyRejected,
    ModelError,
    ModelRefused,
    NotServedHere,
    OutOfCredit,
    ProviderDown,
    RateLimited,
    RequestRejected,
)

OUT_OF_ROOM = ("max_tokens or model output limit was reached", "could not finish the message")
WAITING, SERVER_SIDE = (429, 498), (408, 409, 424, 425, 499)
PRIVATE = (401, 402, 404, 429)  # of these statuses none speaks of what a text is about


def meaning(response: Said) -> ModelError:
    """The failure in our words."""
    for applies, failure in RULES:
        if applies(response):
            return failure(response)
    return RequestRejected(_detail(response))


def _detail(response: Said) -> str:
    return f"http {response.status or response.http_status}"


def _has(response: Said, codes: set[str], phrases: tuple[str, ...]) -> bool:
    return not codes.isdisjoint(response.codes) or any(phrase in response.text for phrase in phrases)


def _refused(response: Said) -> bool:
    if response.status in PRIVATE or response.is_page:
        return False
    return _has(response, words.REFUSED_CODES, words.REFUSED_WORDS)


def _spent(response: Said) -> bool:
    """Gemini says of every limit that plan and billing be checked: there only the words on credit count."""
    if response.status == 402 or not words.CREDIT_CODES.isdisjoint(response.codes):
        return True
    spoken = [word for word in words.CREDIT_WORDS if word in response.text]
    return bool(spoken) and not ("resource_exhausted" in response.codes and spoken == ["exceeded your current quota"])


def _unknown_key(response: Said) -> bool:
    if response.status in WAITING or _denies_model(response):
        return False
    return response.status == 401 or (not response.is_page and _has(response, words.KEY_CODES, words.KEY_WORDS))


def _denies_model(response: Said) -> bool:
    """The key is known, and not for this model."""
    return response.status < 500 and _has(response, {"key_model_access_denied"}, words.DENIED_WORDS)


def _lacks_model(response: Said) -> bool:
    """It has no model of that name: a setting is wrong, and waiting does not help."""
    if response.status in WAITING or response.is_page:
        return False
    return _has(response, words.MODEL_CODES, words.MODEL_WORDS) or bool(words.NO_MODEL.search(response.text))


def _limited(response: Said) -> bool:
    return response.status in WAITING or _has(response, words.LIMIT_CODES, words.LIMIT_WORDS)


def _too_long(response: Said) -> bool:
    if response.exceeds_allowance:
        return True
    if response.status == 413:
        return not _limited(response)
    return response.status not in WAITING and _has(response, words.LENGTH_CODES, words.LENGTH_WORDS)


def _down(response: Said) -> bool:
    if response.status >= 500 or response.status in SERVER_SIDE:
        return True
    return response.status != 403 and _has(response, words.DOWN_CODES, words.DOWN_WORDS)


def _forbidden(response: Said) -> bool:
    """A refusal of the key, as long as nothing else is named: a model, or somebody's firewall, which has no JSON."""
    named = _denies_model(response) or any(word in response.text for word in ("model", "terms", "blocked"))
    return response.status == 403 and not (named or (isinstance(response.body, str) and response.body.strip()))


def _unclear(response: Said) -> bool:
    """A failure within a body of status 200 whose words say nothing that we know, unless they speak of the address."""
    return response.status in (0, 200) and "endpoint" not in response.text and "not found" not in response.text


Rule = tuple[Callable[[Said], bool], Callable[[Said], ModelError]]
RULES: tuple[Rule, ...] = (
    (
        lambda response: any(phrase in response.text for phrase in OUT_OF_ROOM),
        lambda response: AnswerIncomplete("thoughts without end", thinking=True),
    ),
    (_refused, lambda response: ModelRefused(_detail(response))),
    (_spent, lambda response: OutOfCredit(_detail(response))),
    (
        lambda response: _has(response, words.PLACE_CODES, words.PLACE_WORDS),
        lambda response: NotServedHere(_detail(response)),
    ),
    (_unknown_key, lambda response: KeyRejected(_detail(response))),
    (_lacks_model, lambda response: RequestRejected(_detail(response))),
    (_too_long, lambda response: ContextTooLong(_detail(response))),
    (_limited, lambda response: RateLimited(_detail(response), retry_after=wait(response))),
    (_down, lambda response: ProviderDown(_detail(response), retry_after=wait(response))),
    (_forbidden, lambda response: KeyRejected(_detail(response))),
    (_unclear, lambda response: ProviderDown("failure within an answer", retry_after=wait(response))),
)
