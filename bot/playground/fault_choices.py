"""What people can let go wrong: with Slack, and with the model."""

from __future__ import annotations

import re
import time
from collections.abc import Awaitable, Callable
from functools import partial

from bot.playground.controls import FaultChoice
from bot.playground.model import CUT_BEFORE, CUT_WITHIN, REFUSED, Fault, limited
from bot.playground.model_proxy import Lapse, ModelProxy
from bot.playground.slack import Playground

ANGLE = re.compile("angle/[^/]+")  # the step of an angle's own call
ATTEMPTS = 4  # that the bot makes where a model's server fails
SLACK_DOWN_SECONDS, MODEL_DOWN_SECONDS = 8, 6
ANY_NUMBER = 1_000_000
ERROR = {"message": "The server had an error while processing your request.", "type": "server_error"}
SERVER_ERROR = Fault(status=500, body={"error": ERROR | {"param": None, "code": None}})


def fault_choices(slack: Playground, model: ModelProxy) -> list[FaultChoice]:
    """All that there is to choose from."""
    return [
        *(FaultChoice(name, title, told, partial(befall, slack)) for name, title, told, befall in OF_SLACK),
        *(FaultChoice(name, title, told, _lapsing(model, lapse)) for name, title, told, lapse in OF_THE_MODEL),
    ]


def _lapsing(model: ModelProxy, lapse: Callable[[], Lapse]) -> Callable[[], None]:
    return lambda: model.lapse(lapse())


def _down(slack: Playground) -> None:
    slack.fault("*", status=503, times=ANY_NUMBER, until=time.monotonic() + SLACK_DOWN_SECONDS)
    slack.sockets.cut()


async def _told_twice(slack: Playground) -> None:
    if slack.events.told:
        await slack.events.redeliver(slack.events.told[-1], "timeout", same_id=True)


def _unreachable() -> Lapse:
    return Lapse(CUT_BEFORE, times=ANY_NUMBER, until=time.monotonic() + MODEL_DOWN_SECONDS)


# Each with its name, its title, and what is seen of it.
OF_SLACK: tuple[tuple[str, str, str, Callable[[Playground], Awaitable[None] | None]], ...] = (
    (
        "slack-busy",
        "Slack is busy (429)",
        "The next five calls of Slack are put off by 3 s each. Messages come late, none is lost.",
        lambda slack: slack.fault("*", retry_after=3, times=5),
    ),
    (
        "slack-answer-lost",
        "Slack’s answer is lost",
        "The next message is posted, but the connection is cut before the bot hears so. It looks for the message and "
        "does not post it twice.",
        lambda slack: slack.fault("chat.postMessage", dropped=True),
    ),
    (
        "slack-error",
        "Slack fails (500)",
        "The next two messages meet an internal error. The bot sends them again; they come a few seconds late.",
        lambda slack: slack.fault("chat.postMessage", status=500, times=2),
    ),
    (
        "slack-slow",
        "Slack is slow",
        "Slack takes 4 s for each of its next three answers. Nothing is sent twice.",
        lambda slack: slack.fault("*", delay=4, times=3),
    ),
    (
        "slack-archived",
        "The channel is archived",
        "Slack refuses the next message, as if somebody had archived its channel. A run moves to the direct messages "
        "of whoever asked and leaves its message here as it is; a new command is answered with a refusal.",
        lambda slack: slack.fault("chat.postMessage", error="is_archived"),
    ),
    (
        "slack-sockets-cut",
        "The sockets are cut",
        "Both sockets between Slack and the bot are cut. It opens new ones within a second; a command in between is "
        "lost, as in Slack.",
        lambda slack: slack.sockets.cut(),
    ),
    (
        "slack-sockets-renewed",
        "Slack renews the sockets",
        "Slack asks for new sockets, as it does every few hours. Nothing of that is to be seen.",
        lambda slack: slack.sockets.announce("refresh_requested"),
    ),
    (
        "slack-down",
        "Slack is down",
        f"For {SLACK_DOWN_SECONDS} s Slack answers each call with an error (503), and its sockets are cut. Runs go on; "
        "what they have to say comes once Slack is back. A command meanwhile is lost, as in Slack.",
        _down,
    ),
    (
        "slack-twice",
        "Slack repeats itself",
        "What Slack told the bot last, for instance of a reply, is delivered once more. Nothing is answered twice.",
        _told_twice,
    ),
)
OF_THE_MODEL: tuple[tuple[str, str, str, Callable[[], Lapse]], ...] = (
    (
        "model-angle-fails",
        "An angle fails (500)",
        "The next angle meets a server error in each of its four attempts, within a quarter of a minute. Its message "
        "says so and offers a retry; the others go on.",
        lambda: Lapse(SERVER_ERROR, ANGLE, ATTEMPTS, same=True),
    ),
    (
        "model-refuses",
        "The model refuses",
        "The model refuses to write the next angle. It is not asked again: the message says so, the others go on.",
        lambda: Lapse(REFUSED, ANGLE),
    ),
    (
        "model-slow",
        "The model is slow",
        "The next answer of the model begins 20 s late. The other angles do not wait for it. Once the bot knows how "
        "long is usual, it may ask a second time meanwhile.",
        lambda: Lapse(pause=20),
    ),
    (
        "model-cut",
        "The model is cut off",
        "The next answer of the model ends in the middle. The bot throws it away and asks again.",
        lambda: Lapse(CUT_WITHIN),
    ),
    (
        "model-busy",
        "The model is busy (429)",
        "The next three calls of the model are put off by 4 s each. Angles come late, none is lost.",
        lambda: Lapse(limited("4"), times=3),
    ),
    (
        "model-down",
        "The model is down",
        f"For {MODEL_DOWN_SECONDS} s nobody answers where the model is. Calls are repeated until it is back.",
        _unreachable,
    ),
)
