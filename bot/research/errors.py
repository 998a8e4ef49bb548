"""What can go wrong, as sentences for the asker.

ResearchError
├── NotPosted              a message could not be shown where the run lives
│   ├── Refused            its text is not taken there, in no form and no size
│   └── ThreadLost         nothing of the run can be shown any more
├── Stopped                somebody stopped the run
├── Misasked               the words are no question that can be researched
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

A ModelError's ``sentence`` holds the real numbers, its ``short`` form fits into a clause; neither ends in a full stop.
An exception's own text (``str``) is for the log and never shown to a person.
"""

from __future__ import annotations

from typing import ClassVar

from bot.research.model import Usage
from bot.research.words.en import count, patience


class ResearchError(Exception):
    """Anything that research expects to go wrong."""


class NotPosted(ResearchError):
    """A message could not be shown where the run lives."""


class Refused(NotPosted):
    """The text of a message is not taken where the run lives, in no form and no size.

    ``links`` lead to what stands of it; ``sentence`` and ``short`` are as for a Failure.
    """

    cause = "text_refused"
    sentence = "the text was written, but Slack did not accept it"
    short = "Slack did not accept its text"

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.links: tuple[str, ...] = ()


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
    """The words are no question that can be researched; ``sentence`` says why and what to do, ``field`` which part.

    ``cause`` is the code, ``length`` how many characters a topic has that is too short or too long.
    """

    def __init__(self, cause: str, sentence: str, field: str = "topic", length: int = 0) -> None:
        super().__init__(cause)
        self.cause, self.sentence, self.field, self.length = cause, sentence, field, length


class ModelError(ResearchError):
    """The model gave no whole answer.

    ``usage`` counts all attempts, ``waited`` the seconds spent between them, ``limit`` the seconds that one call may
    take; ``retry_after`` is how many seconds the provider wants us to wait, if it said so; ``because`` is a clause that
    says more of the cause: "it has expired".
    """

    cause: ClassVar[str] = "model_error"
    short: ClassVar[str] = "the model gave no answer"
    template: ClassVar[str] = "the model gave no answer ({tried})"

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
        self.because = because

    @property
    def sentence(self) -> str:
        """What happened, with its numbers, for a person."""
        calls = self.usage.calls
        return self.template.format(
            tried="tried once" if calls == 1 else f"tried {count(calls, 'time')}",
            times=count(calls, "time"),
            waited=patience(self.waited),
            limit=patience(self.limit),
            because=f": {self.because}" if self.because else "",
        )


class ModelTimeout(ModelError):
    """It did not answer in time."""

    cause = "model_timeout"
    short = "the model did not answer in time"
    template = "the model did not answer within {limit} ({tried})"


class RateLimited(ModelError):
    """The provider wants fewer requests."""

    cause = "rate_limited"
    short = "the model provider is limiting our requests"

    @property
    def template(self) -> str:  # type: ignore[override]
        """Waiting is told only where there was any."""
        return f"{self.short}. We waited {{waited}} and tried {{times}}" if self.waited else f"{self.short} ({{tried}})"


class OutOfCredit(ModelError):
    """The provider's account is empty: waiting does not help."""

    cause = "out_of_credit"
    short = "our account with the model provider has no credit left"
    template = "our account with the model provider has no credit left. Your admin can add some"


class ProviderDown(ModelError):
    """The provider reports a fault on its side."""

    cause = "provider_down"
    short = "the model provider had an error"
    template = "the model provider had an error ({tried})"


class Unreachable(ModelError):
    """No connection to the provider."""

    cause = "unreachable"
    short = "the model provider could not be reached"
    template = "the model provider could not be reached ({tried}){because}"


class ModelRefused(ModelError):
    """The model declined."""

    cause = "model_refused"
    short = "the model declined it"
    template = "the model declined to write about this topic. Rewording it may help"


class AnswerIncomplete(ModelError):
    """Cut, malformed, empty or filtered; ``thinking`` says that the model's thinking took the room of its answer."""

    cause = "empty_or_cut"
    short = "the model's answer was incomplete"
    template = "the model's answer was incomplete ({tried}){because}"

    def __init__(self, detail: str = "", *, thinking: bool = False, because: str = "") -> None:
        super().__init__(detail, because="its thinking left no room for an answer" if thinking else because)
        self.thinking = thinking


class ContextTooLong(ModelError):
    """More than the model can read."""

    cause = "context_too_long"
    short = "it is too long for the model"
    template = "the topic and its instructions are too long for the model"


class KeyRejected(ModelError):
    """The provider does not take our key."""

    cause = "key_rejected"
    short = "the model provider rejected our key"
    template = "the model provider rejected our key. Ask your admin to check it. Nothing was charged"


class NotServedHere(ModelError):
    """The provider does not serve the place where we are: another key would not help."""

    cause = "not_served_here"
    short = "the model provider does not serve the place where the bot runs"
    template = "the model provider does not serve the place where the bot runs. Ask your admin to choose another one"


class Untrusted(ModelError):
    """The provider cannot prove who it is."""

    cause = "untrusted"
    short = "the model provider's certificate was not accepted"
    template = "the model provider's certificate was not accepted{because}. Ask your admin to check it"


class Unintelligible(ModelError):
    """What answers does not keep to HTTP."""

    cause = "unintelligible"
    short = "the model provider sent an answer that cannot be read"
    template = "the model provider sent an answer that cannot be read ({tried})"


class RequestRejected(ModelError):
    """The provider does not take our request: a wrong model name, as a rule."""

    cause = "request_rejected"
    short = "the model provider did not accept our request"
    template = (
        "the model provider did not accept our request{because}. Ask your admin to check the model's name and address"
    )
