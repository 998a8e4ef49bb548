"""A report is read apart however its headings were written, and none of its words is lost."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.research.synthesize import assemble
from tests.research.test_synthesize import TITLES, run

BODIES = [f"{word}one {word}two.\n\n{word}three." for word in ("alpha", "beta", "gamma", "delta")]
GERMAN = ["Historischer Überblick", "Technische Grundlagen", "Gesellschaftliche Folgen", "Synthese"]
LEFT_OUT = "which the report does not take up"


def written(form: str, names: list[str], opening: str = "In short it is so.\n\n") -> str:
    """A report whose headings have this form."""
    pieces = [form.format(name, number=n, body=BODIES[n - 1]) for n, name in enumerate(names, 1)]
    return opening + "\n\n".join(pieces)


FORMS = [
    "## {0}\n{body}",
    "# {0}\n\n{body}",
    "#### {0}\n{body}",
    "**{0}**\n\n{body}",
    "**{0}:**\n{body}",
    "**{0}:** {body}",
    "**{0}**: {body}",
    "**{0}.** {body}",
    "**{0}** – {body}",
    "- **{0}:** {body}",
    "- **{0}**\n\n  {body}",
    "* **{0}** — {body}",
    "{number}. **{0}:** {body}",
    "{number}. **{0}**\n{body}",
    "__{0}__\n{body}",
    "{0}\n=====\n{body}",
    "{0}\n-----\n\n{body}",
    "<h2>{0}</h2>\n{body}",
    '<h3 class="x"><b>{0}</b></h3>{body}',
    "<strong>{0}</strong>\n{body}",
    "## {number}. {0}\n{body}",
    "## 📜 {0}\n{body}",
    "## **{0}**\n{body}",
    "## {0} ##\n{body}",
    "---\n\n## {0}\n\n{body}",
    "#{0}\n{body}",
    "##{0}\n\n{body}",
    "##\u00a0{0}\n{body}",
    "＃＃ {0}\n{body}",
    "\\## {0}\n{body}",
    "> ## {0}\n{body}",
    "- ## {0}\n  {body}",
    "## **{number}. {0}**\n{body}",
    "## {number}️⃣ {0}\n{body}",
    "## [{0}](#section)\n{body}",
    "## <u>{0}</u>\n{body}",
    "**{number}. {0}**\n{body}",
    "**Section {number}: {0}**\n{body}",
    "***{0}***\n{body}",
    "**_{0}_**\n{body}",
    "**🌍 {0}**\n{body}",
    "🔹 **{0}**\n{body}",
    "{number}️⃣ **{0}**\n{body}",
    "➤ **{0}:** {body}",
    "**{0} :** {body}",
    "**{0}：**{body}",
    "• **{0}:** {body}",
    "+ **{0}**: {body}",
    "> **{0}**\n{body}",
    "<b>{0}:</b> {body}",
    "<b>{0}</b><br>\n{body}",
    "<p><strong>{0}</strong></p>\n{body}",
    "<H3>{0}</H3>\n{body}",
    "<u>{0}</u>\n{body}",
    '<font size="5">{0}</font>\n{body}',
    "\\section{{{0}}}\n{body}",
]
# Their order tells what they are, but they may be no headings: their words stay.
PERHAPS = [
    "🔹 {0}\n{body}",
    "*{0}*\n{body}",
    "_{0}_\n\n{body}",
    "[{0}]\n{body}",
    "「{0}」\n{body}",
    "== {0} ==\n{body}",
    "— {0} —\n{body}",
    "{number}. {0}\n\n{body}",
    "{number}️⃣ {0}\n{body}",
]
# Nothing but a name of ours tells that these are headings.
UNKNOWN = [
    "- {0}: {body}",
    "{0}: {body}",
    "{0}\n\n{body}",
    "[{0}]: {body}",
    "| {0} |\n|---|\n| {body} |",
    "h2. {0}\n{body}",
    "\\textbf{{{0}}}\n{body}",
]
NAMES = {
    "french": ["Aperçu historique", "Mécanismes techniques", "Impact sociétal", "Synthèse"],
    "spanish": ["Panorama histórico", "Mecanismos técnicos", "Impacto social", "Síntesis"],
    "portuguese": ["Visão histórica", "Mecanismos técnicos", "Impacto social", "Síntese"],
    "chinese": ["历史概述", "技术机制", "社会影响", "综合"],
    "korean": ["역사적 개요", "기술적 메커니즘", "사회적 영향", "종합"],
    "russian": ["Исторический обзор", "Технические механизмы", "Влияние на общество", "Синтез"],
    "arabic": ["نظرة تاريخية", "الآليات التقنية", "الأثر الاجتماعي", "الخلاصة"],
    "capitals": [title.upper() for title in TITLES],
    "one word": ["Historical", "Technical", "Societal", "Synthesis"],
    "ours in brackets": [f"{name} ({title})" for name, title in zip(GERMAN, TITLES, strict=True)],
    "ours in front": [f"[{title}] {name}" for name, title in zip(GERMAN, TITLES, strict=True)],
    "both": [f"{name} / {title}" for name, title in zip(GERMAN, TITLES, strict=True)],
    "with more": [f"{title} – {name}" for name, title in zip(GERMAN, TITLES, strict=True)],
    "of the topic": [*(f"{title} of Tea" for title in TITLES[:3]), "Synthesis: What It Means"],
    "angles": ["Historical Angle", "Technical Angle", "Societal Angle", "Synthesis"],
    "perspectives": ["Historical Perspective", "Technical Perspective", "Societal View", "Synthesis and Conclusion"],
    "articles": [f"The {title}" for title in TITLES],
}
OURS_ONLY = [
    "{0}\n{body}",
    "{0}:\n{body}",
    "{0}: {body}",
    "- {0}\n  {body}",
    "{number}) {0}\n{body}",
    "## Section {number}: {0}\n{body}",
    "## [{0}]\n{body}",
    "【{0}】\n{body}",
    "## Überblick ({0})\n{body}",
    "## {0} (Überblick)\n{body}",
    "=== {0} ===\n{body}",
]


@pytest.mark.parametrize("form", [*FORMS, *OURS_ONLY, *PERHAPS, *UNKNOWN[:5]])
def test_our_headings_are_known_in_any_form(form: str) -> None:
    """What the model wrote about an angle stands under that angle."""
    assert_in_place(written(form, TITLES))


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("names", [GERMAN, ["歴史的概要", "技術的な仕組み", "社会的影響", "統合"]])
def test_translated_headings_are_known_by_their_order(form: str, names: list[str]) -> None:
    """A model that answers in the language of the topic translates the headings too."""
    assert_in_place(written(form, names))


@pytest.mark.parametrize("names", NAMES.values(), ids=NAMES)
@pytest.mark.parametrize(
    "form", ["## {0}\n{body}", "#{0}\n{body}", "**{0}**\n{body}", "{0}\n---\n{body}", "### {number}. {0}\n{body}"]
)
def test_headings_are_known_in_any_words(form: str, names: list[str]) -> None:
    """Models shorten, translate, extend and decorate what they were told to write."""
    assert_in_place(written(form, names))


@pytest.mark.parametrize("form", PERHAPS)
@pytest.mark.parametrize("names", [GERMAN, NAMES["chinese"], NAMES["one word"]])
def test_lines_that_may_be_headings_are_known_by_their_order_and_keep_their_words(form: str, names: list[str]) -> None:
    """Four steps of a recipe look the same."""
    report = assemble(written(form, names), run())
    for section, name, body in zip(report.sections, names, BODIES, strict=True):
        said = re.findall(r"\w+", section.text)
        assert said[-3:] == re.findall(r"\w+", body)
        assert name in section.text or name in TITLES


@pytest.mark.parametrize("form", [*FORMS, *OURS_ONLY, *PERHAPS, *UNKNOWN])
@pytest.mark.parametrize("names", [[*GERMAN[:3], "Synthesis"], NAMES["one word"], NAMES["of the topic"]])
def test_nothing_is_called_left_out_that_is_there(form: str, names: list[str]) -> None:
    """A section whose heading nobody could know is in the report all the same."""
    report = assemble(written(form, names), run())
    assert LEFT_OUT not in report.markdown
    assert all(word in report.markdown for body in BODIES for word in re.findall(r"\w+", body))


@pytest.mark.parametrize(
    "text",
    [
        "1. Water\n2. Leaves\n3. Time\n4. Milk",
        "🔹 Cheap\n🔹 Fast\n🔹 Old\n🔹 New",
        "1. Water\n\nBoil it.\n\n2. Leaves\n\nAdd them.\n\n3. Time\n\nWait.\n\n4. Milk\n\nPour.",
        "#tea #china #trade #empire",
        "*Camellia sinensis*\n\n*Ilex paraguariensis*\n\n*Aspalathus linearis*\n\n*Coffea arabica*\n\nAll are drunk.",
        "[1]\nSmith.\n\n[2]\nJones.\n\n[3]\nBrown.\n\n[4]\nGreen.",
    ],
)
def test_lines_that_are_no_headings_lose_nothing(text: str) -> None:
    """A list is a list, and a Latin name is a name."""
    report = assemble(f"Tea is drunk everywhere.\n\n{text}", run())
    there = re.findall(r"[a-z]+|\d", f"{report.summary} {report.markdown}".casefold())
    assert set(re.findall(r"[a-z]+|\d", text.casefold())) <= set(there)


@pytest.mark.parametrize(
    "opening",
    [
        "**TL;DR** – {}",
        "TL;DR: {}",
        "**TLDR:** {}",
        "***Summary:*** {}",
        "__Summary__: {}",
        "**📌 Summary:** {}",
        "> **Summary:** {}",
        "> {}",
        "[Summary] {}",
        "【摘要】{}",
        "#Summary\n{}",
        "EXECUTIVE SUMMARY\n\n{}",
        "## Key Takeaways\n{}",
        "**Two-sentence summary:** {}",
        "**Summary of findings:** {}",
        "**In a nutshell:** {}",
        "**Bottom line:** {}",
        "**Overview:** {}",
        "**Introduction:** {}",
        "Zusammenfassung: {}",
        "**Das Wichtigste in Kürze:** {}",
        "**Kurz zusammengefasst:** {}",
        "**En résumé :** {}",
        "**L'essentiel :** {}",
        "**Resumen:** {}",
        "**Em síntese:** {}",
        "**Кратко:** {}",
        "**摘要：**{}",
        "**概述：** {}",
        "**要約:** {}",
        "**핵심 요약:** {}",
        "<b>Summary:</b> {}",
        "<p><strong>TL;DR</strong></p>\n{}",
    ],
)
def test_a_label_before_the_summary_goes_in_any_words(opening: str) -> None:
    """In the channel there is the summary, and nothing else."""
    text = written("## {0}\n{body}", TITLES, opening.format("In short it is so.") + "\n\n")
    assert_in_place(text)


@pytest.mark.parametrize(
    "opening",
    ["**Paris:** it began there.", "**Note:** dates differ.", "Summary courts: they were quick.", "*Tea* is old."],
)
def test_a_label_that_says_something_stays(opening: str) -> None:
    """Only what means "summary" says nothing."""
    assert assemble(written("## {0}\n{body}", TITLES, f"{opening}\n\n"), run()).summary == opening


@pytest.mark.parametrize(
    "opening",
    [
        "**Summary:** In short it is so.\n\n",
        "## Summary\nIn short it is so.\n\n",
        "### Executive Summary\n\nIn short it is so.\n\n",
        "Summary: In short it is so.\n\n",
        "Summary\n-------\nIn short it is so.\n\n",
        "<h2>Summary</h2>\n\nIn short it is so.\n\n",
        "**Zusammenfassung**\n\nIn short it is so.\n\n",
        "## Pikakatsaus\nIn short it is so.\n\n",
        "# Research Report: tea\n\nIn short it is so.\n\n",
        "# Tea\n\n## Summary\n\nIn short it is so.\n\n",
        "Tea: A Research Report\n===\n\n**In brief:** In short it is so.\n\n",
    ],
)
@pytest.mark.parametrize("names", [TITLES, GERMAN])
def test_a_summary_may_have_a_heading_and_the_report_a_title(opening: str, names: list[str]) -> None:
    """Channel readers get the summary, not its heading."""
    text = written("## {0}\n{body}", names, opening)
    assert assemble(text, run()).summary.endswith("In short it is so.")
    assert_in_place(text, summary=False)


def assert_in_place(text: str, summary: bool = True) -> None:
    report = assemble(text, run())
    assert [re.findall(r"\w+", section.text) for section in report.sections] == [
        re.findall(r"\w+", body) for body in BODIES
    ]
    assert not summary or report.summary == "In short it is so."


def test_sections_out_of_order_come_into_ours() -> None:
    """People look for the four headings where they always are."""
    text = "\n\n".join(f"## {title}\n{body}" for title, body in reversed(list(zip(TITLES, BODIES, strict=True))))
    assert_in_place(f"In short it is so.\n\n{text}")


def test_one_translated_heading_among_ours_is_known_by_its_place() -> None:
    """Models translate some and leave some."""
    assert_in_place(written("## {0}\n{body}", [*GERMAN[:3], "Synthesis"]))


def test_a_section_that_the_model_left_out_is_said_only_where_that_is_sure() -> None:
    """ "The report does not take it up" over a text that does would be wrong."""
    sure = assemble("S.\n\n## Historical Overview\na\n\n## Technical Mechanisms\nb\n\n## Synthesis\nc", run())
    assert LEFT_OUT in sure.markdown
    for form in ("## {0}\n{body}", "**{0}**\n{body}", "**{0}:** {body}"):
        unsure = assemble(written(form, GERMAN[:3]), run())
        assert LEFT_OUT not in unsure.markdown
        assert all(word in unsure.markdown for body in BODIES[:3] for word in body.split())
    assert LEFT_OUT not in assemble("A whole report in plain words.\n\nWith all of it.", run()).markdown


def test_headings_of_a_gap_do_not_shift_the_others() -> None:
    """A model leaves the heading of a missing angle out, or writes it."""
    three = [GERMAN[0], *GERMAN[2:]]
    for names in (GERMAN, three):
        report = assemble("S.\n\n" + "\n\n".join(f"## {name}\n{name} text" for name in names), run(gap=True))
        assert report.sections[0].text == f"{GERMAN[0]} text"
        assert report.sections[2].text == f"{GERMAN[2]} text"
        assert report.sections[1].text.startswith("*Missing.*")


def test_a_bold_word_like_a_heading_of_ours_stays_in_its_section() -> None:
    """ "Synthesis" is a word of chemistry too."""
    text = written("## {0}\n{body}", TITLES).replace(
        "betatwo.", "betatwo.\n\n- **Synthesis:** of ammonia\n\nSynthesis: x"
    )
    assert "of ammonia" in assemble(text, run()).sections[1].text


def test_what_a_long_summary_says_beyond_its_limit_stands_in_the_report() -> None:
    """The root is short; nothing of what was written is lost for it."""
    opening = " ".join(f"Sentence number s{n} is here." for n in range(40))
    report = assemble(f"{opening}\n\n## Historical Overview\na", run())
    assert len(report.summary) <= 450
    assert re.findall(r"s\d+", f"{report.summary} {report.sections[0].text}") == [f"s{n}" for n in range(40)]


words = st.from_regex(r"[a-z]{4,9}", fullmatch=True).filter(lambda word: word not in "title topic final report")
prose = st.lists(words, min_size=1, max_size=9).map(lambda each: " ".join(each) + ".")
lines = st.one_of(
    prose,
    st.just(""),
    st.sampled_from(["---", "```", "***", "> quoted"]),
    st.sampled_from([*TITLES, *GERMAN]).flatmap(
        lambda name: st.sampled_from([*FORMS, *OURS_ONLY, *PERHAPS, *UNKNOWN]).map(
            lambda form: form.format(name, number=1, body="word")
        )
    ),
    st.tuples(st.sampled_from(["- ", "**", "1. ", "| "]), prose).map("".join),
    st.sampled_from(["## Own", "### Own", "<h2>Own</h2>", "**Own:** "]),
)


@given(st.lists(lines, max_size=14).map("\n".join))
def test_no_word_of_the_model_is_lost(text: str) -> None:
    """What was paid for is shown, wherever it belongs; only our headings take the place of its own."""
    report = assemble(text, run())
    headings = {word.casefold() for name in [*TITLES, *GERMAN] for word in name.split()}
    there = {word.casefold() for word in re.findall(r"[^\W_]+", f"{report.summary} {report.markdown}")}
    said = {
        word.casefold()
        for word in re.findall(r"[^\W_]+", re.sub(r"</?(?:h\d|b|strong|p|u|br|font)\b[^>]*>", " ", text))
    }
    assert said - there - headings - {"section", "überblick", "1", "own"} == set()
