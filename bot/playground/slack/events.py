"""The events that an app is told of: each delivered beside the others, and again where no ack came."""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from bot.playground.slack.delivery import Delivery
from bot.playground.slack.workspace import APP, BOT_USER, TEAM, Payload, Workspace

RETRY_PAUSES: tuple[float, ...] = (
    0.0,
    60.0,
    300.0,
)  # seconds before the second, third and fourth try, as Slack documents them

# The scope without which Slack does not let an app subscribe.
EVENT_SCOPES = {
    "app_mention": "app_mentions:read",
    "message.channels": "channels:history",
    "message.groups": "groups:history",
    "message.im": "im:history",
    "message.mpim": "mpim:history",
}


@dataclass(eq=False)
class Event:
    """Something that the app was told, and what became of each try; ``about`` is the ts of the message it is about."""

    payload: Payload
    about: str
    deliveries: list[Delivery] = field(default_factory=list)
    over: bool = False

    @property
    def body(self) -> Payload:
        """The event itself, without the wrapper."""
        body: Payload = self.payload["event"]
        return body

    @property
    def acked(self) -> bool:
        """Whether any try was acknowledged."""
        return any(delivery.acked for delivery in self.deliveries)


class Events:
    """All events of a workspace; ``subscribed`` as a manifest names them, None for all.

    ``reachable`` waits until there is somebody to deliver to. ``retry_pauses`` may be set to other seconds.
    """

    def __init__(
        self,
        workspace: Workspace,
        deliver: Callable[..., Awaitable[Delivery]],
        reachable: Callable[[], Awaitable[None]],
        subscribed: set[str] | None,
        scopes: set[str] | None,
    ) -> None:
        self._workspace, self._deliver, self._reachable = workspace, deliver, reachable
        self._subscribed, self._scopes = subscribed, scopes
        self.retry_pauses = RETRY_PAUSES
        self.told: list[Event] = []
        self._numbers = itertools.count(time.time_ns())  # an app may remember ids from before this Slack was started
        self._tasks: set[asyncio.Task[None]] = set()

    def tell(self, name: str, body: Payload, about: str = "") -> Event | None:
        """Begin to deliver an event if the app subscribes to ``name``; None if it does not."""
        if (self._subscribed is not None and name not in self._subscribed) or not self._permitted(name):
            return None
        event = Event(self._wrapped(body), about)
        self.told.append(event)
        task = asyncio.create_task(self._delivered(event))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return event

    def about(self, ts: str) -> list[Event]:
        """The events about the message with this ts."""
        return [event for event in self.told if event.about == ts]

    async def redeliver(self, event: Event, reason: str, same_id: bool) -> Delivery:
        """Deliver an event once more: as a retry, or (not ``same_id``) as Slack does now and then, with a new id."""
        if same_id:
            tries = len(event.deliveries)
            delivery = await self._deliver("events_api", event.payload, retry_attempt=tries, retry_reason=reason)
        else:
            delivery = await self._deliver("events_api", event.payload | {"event_id": self._id()})
        event.deliveries.append(delivery)
        return delivery

    async def close(self) -> None:
        """Deliver nothing more."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _permitted(self, name: str) -> bool:
        return self._scopes is None or name not in EVENT_SCOPES or EVENT_SCOPES[name] in self._scopes

    async def _delivered(self, event: Event) -> None:
        event.deliveries.append(await self._deliver("events_api", event.payload))
        for pause in self.retry_pauses:
            if event.acked or event.deliveries[-1].no_retry:
                break
            await asyncio.sleep(pause)
            await self._reachable()
            await self.redeliver(event, _reason(event.deliveries[-1]), same_id=True)
        event.over = True
        self._workspace.changed()

    def _id(self) -> str:
        return f"Ev{next(self._numbers)}"

    def _wrapped(self, body: Payload) -> Payload:
        enterprise = self._workspace.enterprise or None
        installed = {"enterprise_id": enterprise, "team_id": TEAM, "user_id": BOT_USER, "is_bot": True}
        return {
            "token": "legacy",
            "team_id": TEAM,
            "context_team_id": TEAM,
            "context_enterprise_id": enterprise,
            "api_app_id": APP,
            "event": body,
            "type": "event_callback",
            "event_id": self._id(),
            "event_time": int(time.time()),
            "authorizations": [installed | {"is_enterprise_install": False}],
            "is_ext_shared_channel": self._workspace.is_shared(str(body.get("channel"))),
            "event_context": "4-context",
        }


def _reason(failed: Delivery) -> str:
    return "http_error" if failed.status else "timeout" if failed.socket else "http_timeout"
