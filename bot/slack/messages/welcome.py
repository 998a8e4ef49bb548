"""The first words in somebody's direct messages with the bot. Pure."""

from __future__ import annotations

from bot.slack.format.blocks import Block, action_button, section
from bot.slack.messages.ephemeral import COMMAND, OPEN_FORM

SHARE = "To share results with a team, type {command} and a topic in a channel."


def message(user: str) -> Block:
    """The arguments of the post."""
    body = "*Send me a topic.* I look at it from three angles and write a short report. Only you see it here."
    button = action_button(OPEN_FORM, "Open the form", "new", "Open the research form to choose angles and add notes")
    return {
        "text": "Hello. Send me a topic and I will look at it from three angles and write a short report. Only you see "
        f"it here. {SHARE.format(command=COMMAND)}",
        "blocks": [
            section("research.welcome.body", f"{body}\n{SHARE.format(command=f'`{COMMAND}`')}"),
            {"type": "actions", "block_id": "research.welcome.actions", "elements": [button]},
        ],
        "unfurl_links": False,
        "unfurl_media": False,
        "metadata": {"event_type": "research_welcome", "event_payload": {"user_id": user}},
    }
