"""Lists of titled entries as models write them: read whatever they are wrapped in, in linear time."""

from __future__ import annotations

import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.text.entries import entries, sentences

PLAN = [("Licensing", "Which permits a plant needs, and how long they take."), ("Fuel supply", "Who makes the fuel.")]
JSON = json.dumps([{"title": title, "brief": brief} for title, brief in PLAN])
OBJECTS = JSON[1:-1]
INDENTED = json.dumps(json.loads(JSON), indent=2)
words = st.text("abcdefgh äé中", min_size=1, max_size=40).filter(lambda text: bool(text.strip()))


@pytest.mark.parametrize(
    "written",
    [
        JSON,
        INDENTED,
        f"```json\n{INDENTED}\n```",
        f"Here is a plan [for you] with {{care}}:\n\n{JSON}\n\nShall I go on? [1]",
        f'{{"angles": {JSON}}}',
        f'{{"topic": "fusion", "plan": {{"angles": {JSON}}}}}',
        JSON.replace("}]", "},\n]").replace('"}', '" , }'),
        OBJECTS,
        OBJECTS.replace("}, {", "}\n{"),
        JSON.replace("title", "Title").replace("brief", "Description"),
        json.dumps([f"{title}: {brief}" for title, brief in PLAN]),
        "\n".join(f"{n}. **{title}**: {brief}" for n, (title, brief) in enumerate(PLAN, 1)),
        "\n".join(f"{n}. **{title}:** {brief}" for n, (title, brief) in enumerate(PLAN, 1)),
        "\n".join(f"**{n}. {title}** – {brief}" for n, (title, brief) in enumerate(PLAN, 1)),
        "\n".join(f"{n}) {title} - {brief}" for n, (title, brief) in enumerate(PLAN, 1)),
        "\n\n".join(f"{n}. {title}\n   - {brief}\n   - More." for n, (title, brief) in enumerate(PLAN, 1)),
        "\n".join(f"{n}. Title: {title}\n   Brief: {brief}" for n, (title, brief) in enumerate(PLAN, 1)),
        "Sure:\n\n" + "\n".join(f"- **{title}**: {brief}" for title, brief in PLAN) + "\n\nI hope this helps.",
        "\n\n".join(f"## {title}\n{brief}" for title, brief in PLAN),
        "\n\n".join(f"**{title}**\n{brief}" for title, brief in PLAN),
        str(json.loads(JSON)),
        JSON.replace('{"', "{“").replace('": "', "”: “").replace('", "', "”, “").replace('"}', "”}"),
        JSON.replace('"title"', "title").replace('"brief"', "brief"),
        JSON.replace("title", "titel").replace("brief", "beschreibung"),
        JSON.replace("title", "angle").replace("brief", "what_to_look_for"),
        f'{{"title": "A plan", "angles": {JSON}}}',
        json.dumps(dict(PLAN)),
        json.dumps([{title: brief} for title, brief in PLAN]),
        "\n\n".join(f"Title: {title}\nBrief: {brief}" for title, brief in PLAN),
        "\n\n".join(f"**Title:** {title}\n**Brief:** {brief}" for title, brief in PLAN),
        "angles:\n" + "\n".join(f'  - title: "{title}"\n    brief: "{brief}"' for title, brief in PLAN),
        "\n".join(f"{n}. Titel: {title}\n   Auftrag: {brief}" for n, (title, brief) in enumerate(PLAN, 1)),
        "\n".join(f"Angle {n}: {title}\n{brief}" for n, (title, brief) in enumerate(PLAN, 1)),
        "\n\n".join(f"## Angle {n}: {title}\n{brief}" for n, (title, brief) in enumerate(PLAN, 1)),
        "# The plan\n\n" + "\n\n".join(f"## {title}\n{brief}" for title, brief in PLAN),
        "\n".join(f"{sign}) {title}: {brief}" for sign, (title, brief) in zip("ab", PLAN, strict=True)),
        "| # | Angle | Brief |\n|--:|---|---|\n"
        + "\n".join(f"| {n} | **{title}** | {brief} |" for n, (title, brief) in enumerate(PLAN, 1)),
    ],
)
def test_entries_are_read_whatever_they_are_wrapped_in(written: str) -> None:
    """Few models keep to a form that they were asked for; asking again costs money and time."""
    assert entries(written) == PLAN


@pytest.mark.parametrize(
    "written",
    [
        "",
        "I cannot help with that.",
        "[citation needed] {so} it is [1], [2].",
        '{"error": "no"}',
        '[{"brief": "what"}]',
        "1. Only one line of a list",
        "[1, 2, 3] null",
        '["',
        "| a | b |\n|---|---|",
        '{"error": "no", "code": 7}',
    ],
)
def test_a_text_without_a_list_has_no_entries(written: str) -> None:
    """A refusal is no plan."""
    assert entries(written) == []


@given(st.lists(st.tuples(words, words), min_size=1, max_size=8), st.text(max_size=50), st.sampled_from([None, 2]))
def test_json_is_read_with_whatever_stands_around_it(plan: list[tuple[str, str]], around: str, indent: int) -> None:
    """Prose before and behind it has brackets and quotation marks of its own."""
    around = around.replace("[", "(").replace("{", "(")
    listed = json.dumps([{"title": title, "brief": brief} for title, brief in plan], indent=indent)
    assert entries(f"{around}\n{listed}\n{around}") == [(title.strip(), brief.strip()) for title, brief in plan]


@given(st.text())
def test_whatever_is_written_comes_to_entries_or_to_none(text: str) -> None:
    """A planner that writes nonsense must not end a run."""
    assert all(isinstance(part, str) for entry in entries(text) for part in entry)


@pytest.mark.parametrize(
    "piece",
    [
        "[",
        "{",
        "[{",
        '[{"',
        '{"a":',
        "[[",
        '["',
        ", ",
        ",\n ]",
        "1. ",
        "**1. ",
        "- ",
        "# ",
        "**",
        ": ",
        " - ",
        "*_",
        "a\n",
        '"title":',
        "1.\n",
        "{'",
        "{a:",
        "|\n",
        "Title:\n",
    ],
)
def test_a_hostile_text_takes_no_longer_than_its_length(piece: str) -> None:
    """It would hold up every other run."""
    text = (piece * 40_000)[:40_000]
    began = time.process_time()
    for hostile in (text, f"[{text}", f'[{{"title": "{text}', f"1. a\n2. {text}", f"{text}]"):
        entries(hostile)
    assert time.process_time() - began < 5  # what grows with the square takes minutes


QUESTIONS = ["Which permits: state, or federal?", "Who makes the fuel - and where?"]


@pytest.mark.parametrize(
    "written",
    [
        json.dumps(QUESTIONS),
        f"Of course:\n```json\n{json.dumps(QUESTIONS, indent=2)}\n```\nShall I go on?",
        json.dumps({"questions": QUESTIONS}),
        json.dumps([{"question": question, "why": "it matters"} for question in QUESTIONS]),
        json.dumps([{"title": question, "brief": "more"} for question in QUESTIONS]),
        "\n".join(f"{n}. {question}" for n, question in enumerate(QUESTIONS, 1)),
        "\n".join(f"{n}. **Question:** {question}" for n, question in enumerate(QUESTIONS, 1)),
        "\n\n".join(f"- **{question}**\n  It matters." for question in QUESTIONS),
    ],
)
def test_sentences_are_read_whole_whatever_they_are_wrapped_in(written: str) -> None:
    """A colon or a dash within a question parts nothing from anything."""
    assert sentences(written) == QUESTIONS
