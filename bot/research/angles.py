"""The angles that a topic is looked at from, unless the asker names others."""

from bot.research import words
from bot.research.model import Angle


def _standard(slug: str) -> Angle:
    title, section = words.ANGLES[slug]
    return Angle(slug=slug, title=title, section=section, prompt=slug)


HISTORICAL, TECHNICAL, SOCIETAL = _standard("historical"), _standard("technical"), _standard("societal")
DEFAULT = (HISTORICAL, TECHNICAL, SOCIETAL)
