"""What can go wrong in one run.

ResearchError
├── NotPosted              a message could not be shown where the run lives
│   ├── Refused            its text is not taken there, in no form and no size
│   └── ThreadLost         nothing of the run can be shown any more
├── Stopped                somebody stopped the run
├── Misasked               the words are no question that can be researched
├── SearchError            a search found nothing because it could not
├── PageError              a page could not be read
└── ModelError             the model gave no whole answer
    ├── ModelTimeout       it did not answer in time
    ├── RateLimited        the provider wants fewer requests
    ├── OutOfCredit        the provider's account is empty
    ├── ProviderDown       the provider reports a fault on its side
    ├── Unreachable        no connection to the provider
    ├── ModelRefused       the model declined
    ├── AnswerIncomplete   cut, malformed, empty or filtered
    ├── ContextTooLong     more than the model can read
    ├── KeyRejected        the provider does not take our key
    ├── NotServedHere      the provider does not serve the place where we are
    ├── Untrusted          the provider cannot prove who it is
    ├── Unintelligible     what answers does not keep to HTTP
    └── RequestRejected    the provider does not take our request: a wrong model name, as a rule

Each ModelError has its ``cause``, a code that ``words`` make a sentence of. An exception's own text (``str``) is for
the log and never shown to a person.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from bot.research.model import Failure, Ref, Usage


class ResearchError(Exception):
    """Anything that research expects to go wrong."""


class NotPosted(ResearchError):
    """A message could not be shown where the run lives."""


class Refused(NotPosted):
    """The text of a message is not taken where the run lives, in no form and no size.

    ``refs`` refer to what stands of it.
    """

    cause = "text_refused"

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.refs: tuple[Ref, ...] = ()

    @property
    def failure(self) -> Failure:
        """What is kept of it, and told to people."""
        return Failure(cause=self.cause)


class ThreadLost(NotPosted):
    """Nothing of the run can be shown any more; ``for_good`` says that no later process could either."""

    def __init__(self, cause: str, for_good: bool) -> None:
        super().__init__(cause)
        self.for_good = for_good


class Stopped(ResearchError):
    """Somebody stopped the run."""

    def __init__(self, by: str) -> None:
        super().__init__("stopped")
        self.by = by


class Misasked(ResearchError):
    """The words are no question that can be researched: ``cause`` is the code, ``field`` the part that is meant.

    ``number`` is how many characters or angles there are, ``said`` the words that are refused, ``known`` what there is
    in their place.
    """

    def __init__(
        self, cause: str, field: str = "topic", number: int = 0, said: str = "", known: Iterable[str] = ()
    ) -> None:
        super().__init__(cause)
        self.cause, self.field, self.number, self.said, self.known = cause, field, number, said, tuple(known)


class SearchError(ResearchError):
    """A search could not be made: ``cause`` is the code.

    One of "search_key" (the provider does not take our key), "search_credit" (its account is used up), "search_rate"
    (it wants fewer requests), "search_refused" (it does not take our requests), "search_down" (it fails, or nobody
    answers), "search_unintelligible" (what it answers cannot be read), "search_late" (it did not answer in time),
    "search_limit" (it takes more of a model than the run may still use).
    ``retry_after`` is how many seconds the provider wants us to wait, if it said so.
    """

    def __init__(self, cause: str, detail: str = "", retry_after: float | None = None) -> None:
        super().__init__(detail or cause)
        self.cause, self.retry_after = cause, retry_after


class PageError(ResearchError):
    """A page could not be read: ``cause`` is the code.

    One of "page_address" (it is no address, or one that may not be asked), "page_status" (the site refuses it, or has
    no such page), "page_down" (nobody answers), "page_late", "page_size", "page_kind" (neither a text nor a PDF),
    "page_heavy" (it takes too long to read), "page_empty" (it says nothing), "page_no_article" (consent, a paywall or
    a page that is missing).
    """

    def __init__(self, cause: str, detail: str = "") -> None:
        super().__init__(detail or cause)
        self.cause = cause


class ModelError(ResearchError):
    """The model gave no whole answer.

    ``usage`` counts all attempts, ``waited`` the seconds spent between them, ``limit`` the seconds that one call may
    take; ``retry_after`` is how many seconds the provider wants us to wait, if it said so; ``because`` is a clause that
    says more of the cause: "it has expired". ``counted`` says that the call's permission was told of its last request.
    """

    cause: ClassVar[str] = "model_error"

    def __init__(
        self,
        detail: str = "",
        *,
        usage: Usage = Usage(calls=1),
        waited: float = 0,
        limit: float = 0,
        retry_after: float | None = None,
        because: str = "",
    ) -> None:
        super().__init__(detail or self.cause)
        self.usage, self.waited, self.limit, self.retry_after = usage, waited, limit, retry_after
        self.because, self.counted = because, False

    @property
    def failure(self) -> Failure:
        """What is kept of it, and told to people."""
        return Failure(
            cause=self.cause,
            tries=self.usage.calls,
            waited=self.waited,
            limit=self.limit,
            because=self.because,
            usage=self.usage,
        )


class ModelTimeout(ModelError):
    """It did not answer in time."""

    cause = "model_timeout"


class RateLimited(ModelError):
    """The provider wants fewer requests."""

    cause = "rate_limited"


class OutOfCredit(ModelError):
    """The provider's account is empty: waiting does not help."""

    cause = "out_of_credit"


class ProviderDown(ModelError):
    """The provider reports a fault on its side."""

    cause = "provider_down"


class Unreachable(ModelError):
    """No connection to the provider."""

    cause = "unreachable"


class ModelRefused(ModelError):
    """The model declined."""

    cause = "model_refused"


class AnswerIncomplete(ModelError):
    """Cut, malformed, empty or filtered; ``thinking`` says that the model's thinking took the room of its answer."""

    cause = "empty_or_cut"

    def __init__(self, detail: str = "", *, thinking: bool = False, because: str = "") -> None:
        super().__init__(detail, because="its thinking left no room for an answer" if thinking else because)
        self.thinking = thinking


class ContextTooLong(ModelError):
    """More than the model can read."""

    cause = "context_too_long"


class KeyRejected(ModelError):
    """The provider does not take our key."""

    cause = "key_rejected"


class NotServedHere(ModelError):
    """The provider does not serve the place where we are: another key would not help."""

    cause = "not_served_here"


class Untrusted(ModelError):
    """The provider cannot prove who it is."""

    cause = "untrusted"


class Unintelligible(ModelError):
    """What answers does not keep to HTTP."""

    cause = "unintelligible"


class RequestRejected(ModelError):
    """The provider does not take our request: a wrong model name, as a rule."""

    cause = "request_rejected"
