"""What the voices are told: one Markdown file a voice, read through one function."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from string import Template

_IN_ATTRIBUTE = re.compile(r'[<>"\s]+')
_TAGS = (
    "topic|notes|angle|brief|question|plan|faults|answer|sections|section|others|finding|gap|weights|report|said|reply"
    "|wish|passages|conflict|sentences"
)
_TAG = re.compile(rf"<(?=\s*+(?:/\s*+)?(?:{_TAGS})\b)", re.IGNORECASE)


class PromptError(LookupError):
    """A prompt asks for a variable that it was not given."""


@cache
def _template(name: str) -> Template:
    return Template(files(__name__).joinpath(f"{name}.md").read_text(encoding="utf-8").strip())


def prompt(name: str, **variables: object) -> str:
    """The text of ``<name>.md`` with its ``$variables`` filled in; raises PromptError naming one that is missing."""
    try:
        return _template(name).substitute(variables)
    except KeyError as missing:
        raise PromptError(f"prompts/{name}.md needs ${missing.args[0]}") from None


def fenced(tag: str, text: str, **attributes: object) -> str:
    """Foreign text as data between tags; tags of ours that stand in it are broken, so that it cannot end its fence."""
    opening = " ".join([tag, *(f'{name}="{_IN_ATTRIBUTE.sub(" ", str(value))}"' for name, value in attributes.items())])
    return f"<{opening}>\n{_TAG.sub('< ', text)}\n</{tag}>"
