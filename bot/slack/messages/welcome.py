"""The first words in somebody's direct messages with the bot. Pure."""

from __future__ import annotations

from bot.research import words
from bot.slack.format.blocks import Block, actions, section
from bot.slack.messages.ephemeral import form_button


def message(user: str) -> Block:
    """The arguments of the post."""
    return {
        "text": words.WELCOME,
        "blocks": [
            section("research.welcome.body", words.WELCOME_BODY),
            actions("research.welcome.actions", [form_button()]),
        ],
        "unfurl_links": False,
        "unfurl_media": False,
        "metadata": {"event_type": "research_welcome", "event_payload": {"user_id": user}},
    }
