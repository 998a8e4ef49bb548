"""The angles that a topic is looked at from: the three standard ones, and what makes an angle of a name. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import count

from bot.research import words
from bot.research.errors import Misasked
from bot.research.model import LONGEST_ANGLE, MOST_ANGLES, OWN_ANGLE, Angle
from bot.research.words import SYNTHESIS
from bot.text.typed import visible

LONGEST_SLUG = 40
SHOWN = 40  # characters of a name that are said back where it is refused


def _standard(slug: str) -> Angle:
    title, section = words.ANGLES[slug]
    return Angle(slug=slug, title=title, section=section, prompt=slug)


HISTORICAL, TECHNICAL, SOCIETAL = _standard("historical"), _standard("technical"), _standard("societal")
DEFAULT = (HISTORICAL, TECHNICAL, SOCIETAL)

RESERVED = frozenset({"plan", "hedge"})  # what other steps of a run are called
_NOT_PLAIN = re.compile(r"[^a-z0-9]+")


def own_angles(names: Iterable[str]) -> tuple[Angle, ...]:
    """The angles of these names, empty ones left out; raises Misasked where there are too many, or one cannot be."""
    titles = [titled(name) for name in names if visible(name).strip()]
    for fault in faults(titles):
        raise fault
    return named((title, "") for title in titles)


def titled(name: str) -> str:
    """A name as it stands in headings: with a capital, unless its first word is spelled in a way of its own."""
    name = " ".join(visible(name).split())
    return name[:1].upper() + name[1:] if name.split(" ")[0].islower() else name


def says(text: str) -> bool:
    """Whether there is a word in it."""
    return any(map(str.isalnum, text))


def faults(titles: Sequence[str]) -> Iterator[Misasked]:
    """All that keeps these titles from being the angles of one run."""
    if not titles:
        yield Misasked("angles_missing", "angles")
    if len(titles) > MOST_ANGLES:
        yield Misasked("angles_many", "angles", len(titles))
    before: set[str] = set()
    for title in titles:
        cause = _refused(title, before)
        before.add(title.casefold())
        if cause:
            said = title if len(title) <= LONGEST_ANGLE else title[:SHOWN]
            yield Misasked(cause, "angles", len(title), said)


def named(entries: Iterable[tuple[str, str]]) -> tuple[Angle, ...]:
    """The angles with these titles and briefs."""
    angles: list[Angle] = []
    for title, brief in entries:
        slug = _slug(title, [angle.slug for angle in angles])
        angles.append(Angle(slug=slug, title=title, section=title, prompt=OWN_ANGLE, brief=brief))
    return tuple(angles)


def _refused(title: str, before: Collection[str]) -> str:
    """Why an angle cannot have this title beside those before it, as a code; "" if it can."""
    if len(title) > LONGEST_ANGLE:
        return "angle_long"
    if title.casefold() in before:
        return "angle_twice"
    plain = _plain(title)
    if SYNTHESIS.casefold() in (title.casefold(), plain):
        return "angle_taken"
    return "angle_reserved" if plain in RESERVED else ""


def _slug(title: str, taken: Collection[str]) -> str:
    """The title in a few plain letters, for steps and ids; numbered where it has none, or they are taken."""
    slug = _plain(title)
    if slug and slug not in taken:
        return slug
    numbered = (f"angle-{number}" for number in count(len(taken) + 1))
    return next(name for name in numbered if name not in taken)


def _plain(title: str) -> str:
    letters = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    return _NOT_PLAIN.sub("-", letters)[:LONGEST_SLUG].strip("-")
