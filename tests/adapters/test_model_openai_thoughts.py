"""What people see of what a model wrote is the answer: every family of thinking tags, channels and tokens."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.adapters.model_openai_thoughts import answer_in

TEA = "Tea is a drink.\n\nIt is old."
HARMONY = "<|channel|>analysis<|message|>We need.<|end|><|start|>assistant<|channel|>final<|message|>"
TAGS = [
    ("<think>", "</think>"),
    ("<THINK>", "</THINK>"),
    ("<thinking>", "</thinking>"),
    ("<thought>", "</thought>"),
    ("<Thought>", "</Thought>"),
    ("<reasoning>", "</reasoning>"),
    ("<reflection>", "</reflection>"),
    ("<scratchpad>", "</scratchpad>"),
    ("<seed:think>", "</seed:think>"),
    ("<antThinking>", "</antThinking>"),
    ('<think type="deep" n=1>', "</think>"),
    ("<think>", "</thinking>"),
    ("[THINK]", "[/THINK]"),
    ("◁think▷", "◁/think▷"),
    ("<|think|>", "<|/think|>"),
    ("<|START_THINKING|>", "<|END_THINKING|>"),
    ("<|begin_of_thought|>", "<|end_of_thought|>"),
    ("<|channel>thought", "<channel|>"),
    ("<unused94>thought", "<unused95>"),
    ("<mm:think>", "</mm:think>"),
    ("<longcat_think>", "</longcat_think>"),
    ("<think:opensource>", "</think:opensource>"),
    ("<chain_of_thought>", "</chain_of_thought>"),
    ("<inner_monologue>", "</inner_monologue>"),
    ("<scratch_pad>", "</scratch_pad>"),
    ("<|inner_prefix|>", "<|inner_suffix|>"),
    ("<|think|>", "<|end|><|begin|>assistant"),
]


@pytest.mark.parametrize(("opening", "closing"), TAGS)
def test_thinking_aloud_is_removed_with_or_without_its_opening_tag(opening: str, closing: str) -> None:
    """Nobody asked how the model talks to itself; a chat template often writes the opening tag itself."""
    thoughts = "Hmm, `tea.\n```\nThey want a drink."
    assert answer_in(f"{opening}{thoughts}{closing}\n\n{TEA}") == TEA
    assert answer_in(f"{opening}\n\n{closing}{TEA}") == TEA
    assert answer_in(f"{thoughts}\n{closing}\n\n{TEA}") == TEA
    assert answer_in(f"Hmm, tea.{closing}{TEA}") == TEA
    assert answer_in(f"{opening}a{closing}{opening}b{closing}{TEA}") == TEA
    assert answer_in(f"{TEA}\n\n{opening}Was it?{closing}") == TEA
    assert answer_in(f"Sure. {opening}Hmm, tea.{closing} {TEA}") == f"Sure.  {TEA}"


@pytest.mark.parametrize(
    "written",
    [
        f"{HARMONY}{TEA}",
        f"{HARMONY}{TEA}<|return|>",
        f"<|start|>assistant{HARMONY}{TEA}<|end|>",
        f"We need.<|end|><|start|>assistant<|channel|>final<|message|>{TEA}",
        f"<|channel|>commentary<|message|>I look.<|end|>{HARMONY}{TEA}",
        f"<|channel|>final <|constrain|>text<|message|>{TEA}",
        f"analysisWe need to.assistantfinal{TEA}",
        f"analysisWe need.assistantcommentaryI look.assistantfinal{TEA}",
        f"assistantfinal{TEA}",
        f"final{TEA}",
        f"{TEA}<|im_end|>",
        f"{TEA}</s>",
        f"{TEA}\n<|eot_id|><|eot_id|>",
        f"{TEA}<｜end▁of▁sentence｜>",
        f"{TEA}<end_of_turn>\n",
        f"{TEA}<|endoftext|>",
        f"{TEA}<|im_end|>\n<|im_start|>user\nMore?<|im_end|>",
        f"{TEA}<|eot_id|><|start_header_id|>user<|end_header_id|>\n\nMore?",
        f"<|im_start|>assistant\n{TEA}<|im_end|>",
        f"<s> {TEA}</s>",
        f"<think>a</think><answer>{TEA}</answer>",
        f"<|begin_of_thought|>a<|end_of_thought|><|begin_of_solution|>{TEA}<|end_of_solution|>",
        f"<|START_THINKING|>a<|END_THINKING|><|START_RESPONSE|>{TEA}<|END_RESPONSE|>",
        f"<think>a<think>b</think>c</think>{TEA}",
        f"<think>They write `</think>` at the end.</think>{TEA}",
        f"<think>a</think>\n{TEA}<|im_end|>",
        f"<|think|>a<|end|><|begin|>assistant<|content|>{TEA}<|flush|>",
        f"<|START_THINKING|>a<|END_THINKING|><|START_TEXT|>{TEA}<|END_TEXT|>",
        f"<think>a</think><|begin_of_box|>{TEA}<|end_of_box|>",
        f"[|assistant|]{TEA}[|endofturn|]",
        f"<longcat_think>a</longcat_think>{TEA}</longcat_s>",
        f"<|inner_prefix|>a<|inner_suffix|>{TEA}<|assistant_end|>",
    ],
)
def test_channels_wrappings_and_tokens_of_chat_templates_are_removed(written: str) -> None:
    """Marks of the format are noise on a phone."""
    assert answer_in(written) == TEA


@pytest.mark.parametrize(
    "written",
    [
        "Models put their thoughts between <think> and </think>.",
        "Models put their thoughts between <think> and </think> tags, since 2024.",
        "<think> and </think> are tags.",
        "The model closes with </think> when it is done.",
        "The tag </think> closes it.",
        "Ask for <reasoning>your reasoning</reasoning> in the prompt.",
        "Use <thinking>…</thinking>.",
        "Write `<think>x</think>` first.",
        "```\n<think>x</think>\n```\nis how it looks.",
        "~~~xml\n</think>\n~~~\nis how it ends.",
        'The tag "<think>" opens, and “</think>” closes.',
        "The end is marked by <|im_end|>",
        "`</s>`",
        "The price was <s>old</s>",
        "<s>old</s> new",
        "Harmony has <|channel|> and <|message|>.",
        "The header `<|channel|>final<|message|>` opens the answer.",
        "analysis of tea: it is good",
        "final words on tea",
        "See [analysis](https://example.org) and [think] there.",
        "An <answer> is a tag, and so is </answer>",
        "<technical_analysis>Tea is hot.</technical_analysis>",
        "They write <mm:think> and </mm:think> since then.",
        "A box is <|begin_of_box|>4<|end_of_box|> there.",
    ],
)
def test_a_text_about_tags_keeps_them(written: str) -> None:
    """In doubt nothing is cut: half a sentence is worse than a strange mark."""
    assert answer_in(written) == written


@pytest.mark.parametrize(
    "written",
    ["<think>never ends", "Tea.\n<think>and then", "<|channel|>analysis<|message|>We", "analysisWe need", "◁think▷x"],
)
def test_thoughts_that_never_end_are_no_answer(written: str) -> None:
    """Half a thought must not pass for a report."""
    assert answer_in(written) is None


WORDS = st.text("abc XY.,\n*#äß茶", min_size=1, max_size=60).map(str.strip).filter(lambda text: text[:1].isalpha())


@given(WORDS, WORDS, st.sampled_from(TAGS))
@example("Y", "X", TAGS[0])
def test_whatever_was_thought_the_answer_comes_out_as_it_was_written(
    thought: str, answer: str, tags: tuple[str, str]
) -> None:
    """A parser that eats a word of the answer is worse than none."""
    assert answer_in(answer) == answer
    assert answer_in(f"{tags[0]}\n{thought}\n{tags[1]}\n{answer}") == answer


PIECES = [mark for pair in TAGS for mark in pair] + [
    "`",
    "```\n",
    "<s>",
    "</s>",
    "<|im_end|>",
    "<answer>",
    "<think ",
    "a ",
]
PIECES += ["<|channel|>", "<|channel|>final<|message|>", "analysis", "assistantfinal", "<|end|>", "\n", '"', "."]


@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join))
def test_no_mixture_of_marks_is_too_odd(written: str) -> None:
    """A model can write anything; what comes out was written, in that order."""
    answer = answer_in(written)
    rest = iter(written)
    assert answer is None or all(each in rest for each in answer)


@pytest.mark.parametrize("piece", ["<think>", "</think>", "`<think>", "<s>", "</s>", "<|channel|>final<|message|>"])
def test_a_long_text_of_marks_takes_no_more_than_its_length(piece: str) -> None:
    """Squared time on these would be minutes in which nobody else is served."""
    answer_in("a " + piece * (60_000 // len(piece)))
