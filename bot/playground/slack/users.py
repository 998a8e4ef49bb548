"""Slack's users.info: who somebody is and where they belong, and in which language and time zone they live."""

from __future__ import annotations

from bot.playground.slack.workspace import BOT_USER, Payload, Person, SlackError, Workspace


class Users:
    """The people of the workspace; nobody is known before they did something or were described."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def info(self, arguments: Payload) -> Payload:
        """One person; the locale only if it is asked for, and never that of somebody of another company."""
        person = self._workspace.people.get(arguments.get("user", ""))
        if not person:
            raise SlackError("user_not_found")
        told = {
            "id": person.id,
            "team_id": person.team,
            "name": person.name,
            "real_name": person.real_name,
            "deleted": False,
            "tz": person.tz,
            "tz_label": person.tz,
            "tz_offset": person.tz_offset,
            "is_restricted": person.is_restricted,
            "is_ultra_restricted": person.is_ultra_restricted,
            "is_bot": person.is_bot,
            "is_app_user": False,
            "profile": {"real_name": person.real_name, "display_name": person.name, "team": person.team},
        }
        if person.enterprise:
            about = {"id": person.id, "enterprise_id": person.enterprise, "enterprise_name": "Organization"}
            told["enterprise_user"] = about | {"is_admin": False, "is_owner": False, "teams": [person.team]}
        if self._workspace.is_external(person.id):
            return {"user": told | {"is_stranger": not self._is_met(person)}}
        asked = str(arguments.get("include_locale", "")).lower() in ("true", "1")
        return {"user": told | ({"locale": person.locale} if asked else {})}

    def _is_met(self, person: Person) -> bool:
        """Whether this person is in a channel with the bot."""
        return any({person.id, BOT_USER} <= channel.members for channel in self._workspace.channels.values())
