"""Slack's Web API as far as the bot uses it: arguments in, answer out, Slack's own codes for what it refuses."""

from __future__ import annotations

from collections.abc import Callable

from bot.playground.slack.canvases import Canvases
from bot.playground.slack.chat import Chat
from bot.playground.slack.conversations import Conversations
from bot.playground.slack.files import Files
from bot.playground.slack.reactions import Reactions
from bot.playground.slack.statuses import Statuses
from bot.playground.slack.users import Users
from bot.playground.slack.views import Views
from bot.playground.slack.workspace import BOT_ID, BOT_USER, TEAM, Payload, SlackError, Workspace

# The scopes of which a bot token needs one, from Slack's own pages; where there are several, by the kind of channel.
# Methods that are in none of these tables need no scope: views.*, chat.getPermalink, auth.test.
HISTORY = {"public": "channels:history", "private": "groups:history", "im": "im:history", "mpim": "mpim:history"}
READ = {"public": "channels:read", "private": "groups:read", "im": "im:read", "mpim": "mpim:read"}
BY_KIND = {"conversations.history": HISTORY, "conversations.replies": HISTORY, "conversations.info": READ}
SCOPES = {
    "assistant.threads.setStatus": "chat:write",
    "canvases.access.set": "canvases:write",
    "canvases.create": "canvases:write",
    "chat.delete": "chat:write",
    "chat.postEphemeral": "chat:write",
    "chat.postMessage": "chat:write",
    "chat.update": "chat:write",
    "conversations.canvases.create": "canvases:write",
    "conversations.join": "channels:join",
    "conversations.open": "im:write",
    "files.completeUploadExternal": "files:write",
    "files.getUploadURLExternal": "files:write",
    "reactions.add": "reactions:write",
    "reactions.remove": "reactions:write",
    "users.info": "users:read",
}


class Methods:
    """The methods of the Web API on one workspace; ``scopes`` are those of the bot token, None for all."""

    def __init__(self, workspace: Workspace, chat: Chat, files: Files, views: Views, scopes: set[str] | None) -> None:
        self._workspace, self._scopes = workspace, scopes
        self.canvases = Canvases(workspace)
        conversations, reactions = Conversations(workspace), Reactions(workspace)
        self._known: dict[str, Callable[[Payload], Payload]] = {
            "assistant.threads.setStatus": Statuses(workspace).set,
            "auth.test": self._auth_test,
            "canvases.access.set": self.canvases.set_access,
            "canvases.create": self.canvases.create,
            "chat.delete": chat.delete,
            "chat.getPermalink": chat.permalink,
            "chat.postEphemeral": chat.post_ephemeral,
            "chat.postMessage": chat.post,
            "chat.update": chat.update,
            "conversations.canvases.create": self.canvases.create_in_channel,
            "conversations.history": conversations.history,
            "conversations.info": conversations.info,
            "conversations.join": conversations.join,
            "conversations.open": conversations.open,
            "conversations.replies": conversations.replies,
            "files.completeUploadExternal": files.complete,
            "files.getUploadURLExternal": files.begin,
            "reactions.add": reactions.add,
            "reactions.remove": reactions.remove,
            "users.info": Users(workspace).info,
            "views.open": views.open,
            "views.publish": views.publish,
            "views.push": views.push,
            "views.update": views.update,
        }

    def call(self, method: str, arguments: Payload) -> Payload:
        """Do what a method does; raises SlackError."""
        if method not in self._known:
            raise SlackError("unknown_method")
        needed = self._needed(method, arguments)
        if needed and self._scopes is not None and needed not in self._scopes:
            raise SlackError("missing_scope", [needed])
        return self._known[method](arguments)

    def _needed(self, method: str, arguments: Payload) -> str:
        if method in BY_KIND:
            return BY_KIND[method][self._workspace.visible(arguments.get("channel", "")).kind]
        return SCOPES.get(method, "")

    def _auth_test(self, arguments: Payload) -> Payload:
        names = {"team": "Acme", "team_id": TEAM, "user": "research", "user_id": BOT_USER, "bot_id": BOT_ID}
        enterprise = {"enterprise_id": self._workspace.enterprise} if self._workspace.enterprise else {}
        return {"url": self._workspace.url, **names, **enterprise}
