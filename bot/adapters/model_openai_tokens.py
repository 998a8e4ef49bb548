"""Tokens that a server should have kept to itself: channels, ends of text, and wrappings around an answer."""

from __future__ import annotations

import re

# The header of a message in OpenAI's harmony format: the channel's name, maybe whom it is for and its format.
HEADER = re.compile(
    r"<\|channel\|>\s*(analysis|commentary|final)\b[^<]{0,80}(?:<\|constrain\|>[^<]{0,40})?<\|message\|>"
)
CLOSING = re.compile(r"<\|(?:end|return|call|start|channel)\|>")
FINAL = "assistantfinal"  # the same where the marks themselves were taken out
CHANNELS = ("assistantanalysis", "assistantcommentary", "analysis", "commentary")

BEGINNINGS = (
    "<|im_start|>assistant", "<|im_start|>", "<|start_header_id|>assistant<|end_header_id|>", "<|begin_of_text|>",
    "<|startoftext|>", "<|assistant|>", "<|start|>assistant", "<start_of_turn>model", "<bos>", "<s>",
    "<｜begin▁of▁sentence｜>", "<｜Assistant｜>", "<|START_OF_TURN_TOKEN|>", "<|CHATBOT_TOKEN|>", "<|turn>model",
    "[/INST]", "[|assistant|]", "<|begin|>assistant", "<|content|>", "<|assistant_start|>", "<longcat_assistant>",
)  # fmt: skip
ENDINGS = (
    "<|im_end|>", "<|eot_id|>", "<|eom_id|>", "<|end|>", "<|return|>", "<|endoftext|>", "<|end_of_text|>",
    "<|end_of_turn|>", "<end_of_turn>", "<|endofassistant|>", "<|EOT|>", "<|eot|>", "<|END_OF_TURN_TOKEN|>", "<|eos|>",
    "<eos>", "</s>", "<｜end▁of▁sentence｜>", "<|end▁of▁sentence|>", "<|end_of_sentence|>", "<|user|>", "<turn|>",
    "<|call|>", "<|message_end|>", "<|stop|>", "[EOS]", "<|end_of_response|>", "<end_of_utterance>",
    "[|endofturn|]", "<|flush|>", "<|assistant_end|>", "</longcat_s>",
)  # fmt: skip
# A model that was not stopped goes on with the other side's part: an end at once followed by a beginning.
RUNS_ON = re.compile(
    r"<\|(?:im_end|eot_id|end|endoftext)\|>\s{0,4}<\|(?:im_start|start_header_id|start|user|system|assistant)\|>"
)
WRAPPINGS = (
    ("<answer>", "</answer>"), ("<final_answer>", "</final_answer>"), ("<final>", "</final>"),
    ("<response>", "</response>"), ("<output>", "</output>"), ("<solution>", "</solution>"),
    ("<|begin_of_solution|>", "<|end_of_solution|>"), ("<|start_response|>", "<|end_response|>"),
    ("<|begin_of_answer|>", "<|end_of_answer|>"), ("[answer]", "[/answer]"),
    ("<|begin_of_box|>", "<|end_of_box|>"), ("<|start_text|>", "<|end_text|>"),
)  # fmt: skip


def final_channel(text: str) -> str | None:
    """What stands in the final channel of a harmony message, or the text itself; None if only other channels came."""
    text = text.strip()
    header = HEADER.search(text)
    if header and _is_harmony(text, header.start()):
        parts = [_body(text, each.end()) for each in HEADER.finditer(text) if each[1] == "final"]
        return "\n\n".join(part for part in parts if part) or None
    return _unmarked_final(text)


def _is_harmony(text: str, at: int) -> bool:
    """Whether the message begins with its channels, and does not only show them somewhere."""
    before = text[max(at - 40, 0) : at].rstrip()
    return not before or text.startswith("<|") or before.endswith(("<|start|>assistant", "<|end|>"))


def _body(text: str, at: int) -> str:
    end = CLOSING.search(text, at)
    return text[at : end.start() if end else len(text)].strip()


def _unmarked_final(text: str) -> str | None:
    if text.startswith(CHANNELS):
        _, found, final = text.partition(FINAL)
        if found:
            return final.strip()
        name = next(each for each in CHANNELS if text.startswith(each))
        return None if text[len(name) : len(name) + 1].isupper() else text
    for name in (FINAL, "final"):
        if text.startswith(name) and text[len(name) : len(name) + 1].isupper():
            return text[len(name) :]
    return text


def without_tokens(text: str) -> str:
    """The text without a chat template's tokens around it, and without what a model went on to write behind its end."""
    if runs_on := RUNS_ON.search(text):
        text = text[: runs_on.start()]
    text = text.strip()
    return text[_begin(text) : _end(text)].strip()


def _begin(text: str) -> int:
    """Where the text begins behind its tokens; positions are counted, for a copy a token would take squared time."""
    at, struck = 0, "</s>" in text[:-4]  # struck through, in HTML
    while begun := next((each for each in BEGINNINGS if text.startswith(each, at)), None):
        if begun == "<s>" and struck:
            break
        at = _skip_space(text, at + len(begun))
    return at


def _skip_space(text: str, at: int) -> int:
    while at < len(text) and text[at].isspace():
        at += 1
    return at


def _end(text: str) -> int:
    """Where the text ends before its tokens."""
    at, struck = len(text), text.count("<s>") >= text.count("</s>")
    while ended := next((each for each in ENDINGS if text.endswith(each, 0, at)), None):
        if (ended == "</s>" and struck and at > 7 and not text.startswith("<s>")) or _spoken_of(text, at - len(ended)):
            break
        at -= len(ended)
        while at and text[at - 1].isspace():
            at -= 1
    return at


def _spoken_of(text: str, at: int) -> bool:
    """Whether a token at the end of a text belongs to its last sentence: "The token is <|im_end|>"."""
    line = text[max(at - 80, 0) : at].rpartition("\n")[2]
    return line.endswith((" ", "`", '"', "'", "“")) and line.rstrip()[-1:] not in (*".!?…)*_:。！？>", "")


def without_wrapping(text: str) -> str:
    """The text inside a tag that encloses all of it: an answer need not say that it is one."""
    lower = text.lower()
    if len(lower) != len(text):  # a few letters are longer in lower case
        return text
    for begin, end in WRAPPINGS:
        if lower.startswith(begin) and lower.endswith(end) and lower.count(begin) == 1:
            return text[len(begin) : -len(end)].strip()
    return text
