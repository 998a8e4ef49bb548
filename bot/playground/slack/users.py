"""Slack's users.info: who somebody is, and in which language and time zone they live."""

from __future__ import annotations

from bot.playground.slack.workspace import TEAM, Payload, SlackError, Workspace


class Users:
    """The people of the workspace; nobody is known before they did something or were described."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def info(self, arguments: Payload) -> Payload:
        """One person; the locale only if it is asked for."""
        person = self._workspace.people.get(arguments.get("user", ""))
        if not person:
            raise SlackError("user_not_found")
        told = {
            "id": person.id,
            "team_id": TEAM,
            "name": person.name,
            "real_name": person.real_name,
            "deleted": False,
            "tz": person.tz,
            "tz_label": person.tz,
            "tz_offset": person.tz_offset,
            "is_bot": person.is_bot,
            "is_app_user": False,
            "profile": {"real_name": person.real_name, "display_name": person.name, "team": TEAM},
        }
        asked = str(arguments.get("include_locale", "")).lower() in ("true", "1")
        return {"user": told | ({"locale": person.locale} if asked else {})}
