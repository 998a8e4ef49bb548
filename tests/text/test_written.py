"""What models wrap around what they were asked for comes off; what they say stays."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.text.written import untitled, unwrapped

BODY = "## Origins\nTea began in China.\n\nIt spread from there."


@pytest.mark.parametrize(
    "wrapped",
    [
        "```markdown\n{}\n```",
        "```md\n{}\n```\n",
        "```\n{}\n```",
        "~~~markdown\n{}\n~~~",
        "````markdown\n{}\n````",
        "```markdown\n{}",
        "Sure! Here is the report:\n\n{}",
        "Sure, here's the report you asked for:\n{}",
        "Certainly! Below is a summary of the topic.\n\n{}",
        "Of course.\n\n{}",
        "Here is the synthesized report:\n\n{}",
        "Absolutely! 😊\n\n{}",
        "Thank you for your question! Here's an overview:\n\n{}",
        "Gerne! Hier ist der Bericht:\n\n{}",
        "Bien sûr ! Voici le rapport :\n\n{}",
        "¡Claro! Aquí tienes el informe:\n\n{}",
        "Конечно! Вот отчёт:\n\n{}",
        "当然！以下是报告：\n\n{}",
        "もちろんです。以下がレポートです。\n\n{}",
        "물론입니다! 다음은 보고서입니다:\n\n{}",
        "{}\n\nLet me know if you would like more detail on any section!",
        "{}\n\nI hope this helps! Feel free to ask.",
        "{}\n\n---\n\nWould you like me to expand on any of these?",
        "{}\n\nIf you'd like, I can go deeper into one of these points.",
        "{}\n\nLass mich wissen, wenn du mehr wissen möchtest.",
        "{}\n\nN'hésitez pas à me poser d'autres questions.",
        "{}\n\n¿Quieres que amplíe alguna sección?",
        "{}\n\n如果您需要更多细节，请随时告诉我。",
        "Sure! Here is the report:\n\n```markdown\n{}\n```\n\nLet me know if you need anything else.",
        "```markdown\nSure! Here is the report:\n\n{}\n```",
    ],
)
def test_fence_greeting_and_offer_come_off(wrapped: str) -> None:
    """People read the report, not a conversation with somebody else, and not as code."""
    assert unwrapped(wrapped.format(BODY)) == BODY


REPORT = "\n\n".join(
    f"## {name}\n{name} of tea are told in a sentence or two, which say what happened, where, and why it matters.\n\n"
    "- It began in China.\n- It spread with trade, with empires and with the taste of those who could pay for it."
    for name in ("Origins", "Methods", "Effects")
)


@pytest.mark.parametrize(
    "wrapped",
    [
        "``` markdown\n{}\n```",
        "```Markdown\n\n{}\n\n```",
        '```markdown title="report.md"\n{}\n```',
        "```rmd\n{}\n```",
        "```report\n{}\n```",
        "~~~~md\n{}\n~~~~",
        "`````markdown\n{}\n`````",
        "```markdown\n{}```",
        "```markdown\n{}\n````",
        "\ufeff```markdown\n{}\n```",
        "````\n```markdown\n{}\n```\n````",
        "'''markdown\n{}\n'''",
        '"""\n{}\n"""',
        "markdown\n{}",
        "<report>\n{}\n</report>",
        "<answer>\n```markdown\n{}\n```\n</answer>",
        "```markdown\n{}\n```\nI hope this helps!",
        "```markdown\n{}\n```\n\nLet me know if it should be shorter.",
        "```\n{}\n```\n\nLet me know if it should be shorter.",
    ],
)
def test_a_fence_comes_off_however_it_is_written(wrapped: str) -> None:
    """A report in a grey box is a report that nobody reads."""
    assert unwrapped(wrapped.format(REPORT)) == REPORT


@pytest.mark.parametrize("fence", ["```markdown\n{}\n```", "~~~\n{}\n~~~"])
def test_words_around_a_fence_stay_when_it_goes(fence: str) -> None:
    """What stands before and behind it may be of use."""
    wrapped = f"The sources agree:\n\n{fence.format(REPORT)}\n\nNote: two figures are disputed."
    assert unwrapped(wrapped) == f"The sources agree:\n\n{REPORT}\n\nNote: two figures are disputed."


def test_lines_that_are_set_in_with_their_fence_stand_at_the_edge_again() -> None:
    """Otherwise they would still be code."""
    inside = "\n".join(f"   {line}".rstrip() for line in REPORT.split("\n"))
    assert unwrapped(f"   ```markdown\n{inside}\n   ```") == REPORT


@pytest.mark.parametrize(
    "text",
    [
        "The prompt is:\n\n```markdown\n# Title\nSome words that are a sentence of eight\n```\n\nIt works.",
        "```markdown\n# A\n```\n\nand\n\n```markdown\n# B\n```",
        '```json\n{"report": "a sentence of more than eight words, as it is here"}\n```',
        "<summary>Tea</summary>\n\nIt is old. <b>Very.</b>",
        "markdown is a way to write.\n\n# Tea",
        "'''Tea''' is bold in a wiki.",
        "Chapters:\n\n```\nx = 1\ny = 2\n```",
    ],
)
def test_what_only_looks_like_a_fence_around_all_stays(text: str) -> None:
    """An example of Markdown is one, and code is code."""
    assert unwrapped(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "```python\nprint('tea')\n```",
        "```\nx = 1\n```",
        "```\na = 1\n```\nwords in between\n```\nb = 2\n```",
        "Surely tea is old.\n\nIt is.",
        "Here are the three reasons why tea spread:\n\n- trade\n- taste\n- tax",
        "Of course tea is not coffee.\n\nIt has less caffeine.",
        "Great Britain taxed tea.\n\nAmericans minded.",
        "Tea is old.\n\nIf you want to understand its price, look at the weather.",
        "Tea is old.\n\nWould you like tea with milk was a question of class.",
        "Let me know",
        "Sure!",
        "Okay.",
        "好的茶叶来自福建。\n\n很贵。",
    ],
)
def test_what_only_looks_like_wrapping_stays(text: str) -> None:
    """In doubt the words are the model's answer."""
    assert unwrapped(text) == text


def test_code_within_a_fence_around_all_stays_code() -> None:
    """The fence around the text goes, the one within it does not."""
    inside = "Tea:\n\n```sh\nmake tea\n```\n\nDone."
    assert unwrapped(f"```markdown\n{inside}\n```") == inside


@given(st.text(alphabet="ab`~\n #*Sure!:.", max_size=60))
def test_unwrapping_twice_changes_nothing_more_and_never_leaves_nothing(text: str) -> None:
    """A text is never eaten up step by step."""
    once = unwrapped(text)
    assert unwrapped(once) == once
    assert bool(once) == bool(text.strip())


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("# Historical Overview\nTea.", "Tea."),
        ("**Historical**\n\nTea.", "Tea."),
        ("## Historical Angle: tea\n\nTea.", "Tea."),
        ("Historical Overview\n===\nTea.", "Tea."),
        ("<h2>Historical Overview of Tea</h2>\n<p>Tea.</p>", "<p>Tea.</p>"),
        ("# From leaf to empire\nTea.", "# From leaf to empire\nTea."),
        ("Tea is old.\n\n## Historical\nYes.", "Tea is old.\n\n## Historical\nYes."),
        ("# Historical", "# Historical"),
    ],
)
def test_a_heading_that_repeats_our_title_goes(text: str, left: str) -> None:
    """The message has that title already; a heading that says more stays."""
    assert untitled(text, "Historical", "Historical Overview", "tea") == left
