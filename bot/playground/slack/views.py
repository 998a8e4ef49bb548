"""Slack's views.* methods: forms that stack on each other, and everybody's home."""

from __future__ import annotations

import itertools
import time
from dataclasses import dataclass, field
from typing import Any

from bot.playground.slack.checks import view_problems, view_size
from bot.playground.slack.triggers import Trigger, Triggers
from bot.playground.slack.workspace import APP, BOT_ID, TEAM, Payload, SlackError, Workspace

MOST_STACKED = 3
MOST_BYTES = 250_000
DEFAULTS: Payload = {"private_metadata": "", "callback_id": "", "external_id": "", "submit": None, "close": None}
DEFAULTS |= {"clear_on_close": False, "notify_on_close": False}


@dataclass(eq=False)
class View:
    """A form or a home: ``versions`` are what it showed, ``typed`` what was filled in, ``errors`` what stands at
    its fields. ``channel`` is where it was opened from, ``below`` the form that it lies on, ``at`` when, as a ts."""

    id: str
    user: str
    channel: str
    below: View | None
    versions: list[Payload]
    hash: str
    at: str = ""
    is_open: bool = True
    typed: dict[str, dict[str, Any]] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def shown(self) -> Payload:
        """What the app wants it to show now."""
        return self.versions[-1]

    @property
    def blocks(self) -> list[Payload]:
        """What people see now."""
        blocks: list[Payload] = self.shown["blocks"]
        return blocks

    @property
    def root(self) -> View:
        """The form at the bottom of its stack."""
        return self.below.root if self.below else self

    @property
    def depth(self) -> int:
        """How many forms lie on each other up to this one."""
        return 1 + (self.below.depth if self.below else 0)

    def as_sent(self, values: Payload | None = None) -> Payload:
        """The view as Slack gives it; ``values`` is the state of its fields."""
        about: Payload = {"id": self.id, "team_id": TEAM, "hash": self.hash, "app_id": APP, "bot_id": BOT_ID}
        about |= {
            "app_installed_team_id": TEAM,
            "root_view_id": self.root.id,
            "previous_view_id": self.below.id if self.below else None,
        }
        return DEFAULTS | self.shown | about | {"state": {"values": values or {}}}


class Views:
    """All forms that were ever open, in order, and the home of each person."""

    def __init__(self, workspace: Workspace, triggers: Triggers) -> None:
        self._workspace, self._triggers = workspace, triggers
        self.modals: list[View] = []
        self.homes: dict[str, View] = {}
        self._numbers = itertools.count(time.time_ns())  # an app may remember ids from before this Slack was started

    def open(self, arguments: Payload) -> Payload:
        """Show a form to whoever did what the trigger id stands for."""
        shown = self._sound(arguments, "modal")
        trigger = self._triggers.redeem(arguments.get("trigger_id", ""))
        return {"view": self.put(trigger, shown, None).as_sent()}

    def push(self, arguments: Payload) -> Payload:
        """Lay a form on the one in which the trigger id came to be."""
        shown = self._sound(arguments, "modal")
        trigger = self._triggers.redeem(arguments.get("trigger_id", ""))
        below = next((view for view in self.modals if view.id == trigger.view and view.is_open), None)
        if not below:
            raise SlackError("not_found")
        return {"view": self.put(trigger, shown, below).as_sent()}

    def update(self, arguments: Payload) -> Payload:
        """Change a form that is open."""
        shown = self._sound(arguments, "modal")
        for view in self.modals:
            named = {view.id: arguments.get("view_id"), view.shown.get("external_id"): arguments.get("external_id")}
            if view.is_open and any(ours and ours == theirs for ours, theirs in named.items()):
                return {"view": self.change(view, shown, arguments.get("hash")).as_sent()}
        raise SlackError("not_found")

    def publish(self, arguments: Payload) -> Payload:
        """Show somebody's home."""
        shown, user = self._sound(arguments, "home"), arguments.get("user_id", "")
        if user not in self._workspace.people:
            raise SlackError("invalid_arguments", ["user not found"])
        if user in self.homes:
            return {"view": self.change(self.homes[user], shown, arguments.get("hash")).as_sent()}
        home = self.homes[user] = View(self._id(), user, "", None, [shown], self._hash())
        return {"view": home.as_sent()}

    def put(self, trigger: Trigger, shown: Payload, below: View | None) -> View:
        """Show a new form; raises SlackError."""
        if below and below.depth == MOST_STACKED:
            raise SlackError("push_limit_reached")
        view = View(self._id(), trigger.user, trigger.channel, below, [shown], self._hash(), self._workspace.next_ts())
        self.modals.append(view)
        self._workspace.changed()
        return view

    def change(self, view: View, shown: Payload, known_hash: str | None = None) -> View:
        """Show something else in a view; what was typed into fields that stay is kept."""
        if known_hash and known_hash != view.hash:
            raise SlackError("hash_conflict")
        view.versions.append(shown)
        view.hash, view.errors = self._hash(), {}
        view.typed = {
            block["block_id"]: view.typed[block["block_id"]]
            for block in view.blocks
            if block.get("block_id") in view.typed
        }
        self._workspace.changed()
        return view

    def checked(self, shown: Payload, kind: str) -> Payload:
        """A view that Slack would take, its blocks named; raises SlackError and keeps why otherwise."""
        if view_size(shown) > MOST_BYTES:
            raise self._workspace.refused("view_too_large", [f"{view_size(shown)} bytes"])
        if wrong := view_problems(shown, kind):
            raise self._workspace.refused("invalid_arguments", wrong)
        blocks = [{"block_id": f"b{place}"} | block for place, block in enumerate(shown["blocks"])]
        return shown | {"blocks": blocks}

    def _sound(self, arguments: Payload, kind: str) -> Payload:
        if not isinstance(arguments.get("view"), dict):
            raise SlackError("invalid_arguments", ["missing required field: view"])
        return self.checked(arguments["view"], kind)

    def _id(self) -> str:
        return f"V{next(self._numbers)}"

    def _hash(self) -> str:
        return f"{self._workspace.next_ts()}.hash"
