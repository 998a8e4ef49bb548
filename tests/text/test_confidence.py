"""The last line of a finding that says how sure its worker is: read, taken away, and nothing else with it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.text.confidence import LONGEST_REASON, stated

TEXT = "Tea began in China.\n\nIt was a medicine first."
LEVELS = ("high", "medium", "low")


@pytest.mark.parametrize(
    ("line", "level", "reason"),
    [
        ("Confidence: high, because the sources agree.", "high", "the sources agree"),
        ("confidence: LOW, BECAUSE little is known", "low", "little is known"),
        ("**Confidence:** Medium – because the dates differ", "medium", "the dates differ"),
        ("**Confidence: medium**, because the dates differ.", "medium", "the dates differ"),
        ("*Confidence: high, because it is settled*", "high", "it is settled"),
        ("> Confidence: low", "low", ""),
        ("- Confidence level: high.", "high", ""),
        ("### Confidence: high", "high", ""),
        ("`Confidence: high, because it is settled`", "high", "it is settled"),
        ("(Confidence: high, because of two (old) books.)", "high", "two (old) books"),
        ("[Confidence: high]", "high", ""),
        ("[Confidence: high], because all agree", "high", "all agree"),
        ("Confidence: <high>, because all agree", "high", "all agree"),
        ("Confidence: “high”, because all agree", "high", "all agree"),
        ('"Confidence: high, because all agree."', "high", "all agree"),
        ('Confidence: high, because it is called "settled"', "high", 'it is called "settled"'),
        ("Confidence – high, because all agree", "high", "all agree"),
        ("<p><b>Confidence:</b> high, because all agree</p>", "high", "all agree"),
        ("\u200bConfidence: high", "high", ""),
        ("Confidence: high\nReason: all agree", "high", "all agree"),
        ("**Confidence:** high\n**Reason:** all agree", "high", "all agree"),
        ("Confidence: high,\n\nbecause all agree", "high", "all agree"),
        ("Confidence: high, because all agree\n---", "high", "all agree"),
        ("```\nConfidence: high, because all agree\n```", "high", "all agree"),
        ("Confidence: high, because all agree\n```", "", ""),
        ("The prices fell.\nBecause of that nobody sold.", "", ""),
        ("Confidence: high, because all agree.\nBecause of that nobody sold.", "", ""),
        ("Confidence：high，because 资料一致。", "high", "资料一致"),
        ("Confidence: medium. The figures are disputed.", "medium", "The figures are disputed"),
        ("Confidence: high (well documented)", "high", "well documented"),
        ("Confidence: high confidence, as all agree", "high", "as all agree"),
        ("Confidence: low, as of 2024 little is known", "low", "as of 2024 little is known"),
        ("Confidence: low, because ~40% of snake_case is _uncertain_", "low", "~40% of snake_case is uncertain"),
        ("Confidence: low. " + "The war ended in 1945. Its costs are disputed. " * 6, "", ""),
        ("Confidence: high as a kite", "", ""),
        ("Confidence: mittel", "", ""),
        ("Konfidenz: high, because", "", ""),
        ("Confidence: very high", "", ""),
        ("Confidence: medium to high, because", "", ""),
        ("Confidence: medium/high", "", ""),
        ("Confidence: medium-high", "", ""),
        ("Confidence: high|medium|low, because <reason>", "", ""),
        ("Confidence: high demand drove the prices.", "", ""),
        ("Confidence: highly disputed", "", ""),
        ("Confidence in tea was high.", "", ""),
        ("Confidence: high, because " + "x" * 600, "", ""),
        ("My confidence: high", "", ""),
        ("Confidence:", "", ""),
    ],
)
def test_a_line_states_a_confidence_in_its_own_form_only(line: str, level: str, reason: str) -> None:
    """Nothing is made up, and what only looks like it stays where people read it."""
    rest = TEXT if level else f"{TEXT}\n\n{line}"
    assert stated(f"{TEXT}\n\n{line}") == (rest, level, reason)


def test_only_the_last_line_that_is_not_empty_counts() -> None:
    """A worker may write about confidence as well."""
    assert stated(f"Confidence: low\n\n{TEXT}") == (f"Confidence: low\n\n{TEXT}", "", "")
    assert stated(f"{TEXT}\n---\nConfidence: low \n \n")[:2] == (TEXT, "low")
    assert stated("Confidence: high, because it is") == ("", "high", "it is")


@given(st.text(st.characters(exclude_categories=["Cs"])), st.sampled_from(LEVELS), st.text("abc,. (é中)", max_size=500))
def test_what_was_written_above_the_line_is_never_touched(text: str, level: str, reason: str) -> None:
    """Whatever a worker writes: its words stay, and the level is the one that it states."""
    before = f"x{text}"
    rest, read, why = stated(f"{before}\nConfidence: {level}, because {reason}")
    assert read == level
    assert before.split() == rest.split() or set("".join(before.split()[len(rest.split()) :])) <= set("-*_=")
    assert len(why) <= LONGEST_REASON


@given(st.text())
def test_a_text_without_such_a_line_is_given_back_as_it_is(text: str) -> None:
    """Bit by bit."""
    rest, level, reason = stated(text)
    assert level in LEVELS or (rest, reason) == (text, "")
