"""The angles that a topic is looked at from, unless the asker names others."""

from bot.research.model import Angle

HISTORICAL = Angle(slug="historical", title="Historical", section="Historical Overview", prompt="historical")
TECHNICAL = Angle(slug="technical", title="Technical", section="Technical Mechanisms", prompt="technical")
SOCIETAL = Angle(slug="societal", title="Societal", section="Societal Impact", prompt="societal")

DEFAULT = (HISTORICAL, TECHNICAL, SOCIETAL)
