"""What a very small model wrote, without what it leaves unfinished, repeats, or says about itself."""

from __future__ import annotations

from collections.abc import Iterator

from bot.text.english import share, words

LONGEST_SENTENCE = 260  # characters; a model that has not ended by then never would
FEWEST_WORDS, FEWEST_SENTENCES = 30, 2  # of a text
LEAST_ENGLISH = 0.2  # of its words: what is below is no sentence of the only language that such a model knows
LEAST_VARIED = 0.45  # different words among all; a text of 150 words that says something has about 0.6
LEAST_NEW = 0.6  # of a sentence's sequences of three words; with fewer it says what was said before

_ENDS, _CLOSING = (".", "!", "?"), "\"'”’)]"
_ABBREVIATIONS = words("dr. mr. mrs. ms. st. prof. e.g. i.e. vs. etc. approx. no. u.s. u.k.")
_NEVER_LAST = words(
    "a an the and or but nor of for to with by from as into than that which who whose its their his her this these "
    "is are was were be been has have had can will would such"
)
_ABOUT_ITSELF = (
    "as an ai",
    "ai assistant",
    "ai language model",
    "language model, i",
    "i'm sorry",
    "i cannot",
    "i can't",
)
_OPENINGS = ("here is ", "here's ", "here are ", "sure, ", "sure! ", "certainly", "title", "step ")


def settled(text: str) -> str:
    """The whole sentences of a text that say something new, in their paragraphs; "" if too few are left to be read.

    Linear in the length of the text.
    """
    said: set[tuple[str, ...]] = set()
    paragraphs = []
    for paragraph in text.split("\n\n"):
        kept = [sentence for sentence in _sentences(paragraph) if _says_something(sentence) and _new(sentence, said)]
        paragraphs.append(" ".join(kept))
    rest = "\n\n".join(filter(None, paragraphs))
    return rest if _readable(rest) else ""


def opening(text: str, limit: int) -> str:
    """The first sentences of a settled text, as many as have ``limit`` characters together; one in any case."""
    first, *more = _sentences(text)
    taken = [first]
    for sentence in more:
        if len(" ".join([*taken, sentence])) > limit:
            break
        taken.append(sentence)
    return " ".join(taken)


def _readable(text: str) -> bool:
    said = text.lower().split()
    enough = len(said) >= FEWEST_WORDS and len(list(_sentences(text))) >= FEWEST_SENTENCES
    return enough and len(set(said)) >= len(said) * LEAST_VARIED and share(text) >= LEAST_ENGLISH


def _sentences(paragraph: str) -> Iterator[str]:
    """The sentences that end, without an announcement of the text, or a step's number, before them."""
    begun: list[str] = []
    for word in paragraph.split():
        begun.append(word)
        if _ends(word):
            yield _unannounced(" ".join(begun))
            begun = []


def _ends(word: str) -> bool:
    initial = len(word) == 2 and word[0].isupper()
    return word.rstrip(_CLOSING).endswith(_ENDS) and word.lower() not in _ABBREVIATIONS and not initial


def _unannounced(sentence: str) -> str:
    """The sentence without "Here is a short text on tea:" or "Step 1:" before it."""
    opening, colon, rest = sentence.partition(": ")
    return rest[:1].upper() + rest[1:] if colon and opening.lower().startswith(_OPENINGS) else sentence


def _says_something(sentence: str) -> bool:
    """Whether it is a whole sentence, and about its subject."""
    bare = sentence.rstrip("".join(_ENDS) + _CLOSING)
    said = bare.lower().split()
    whole = len(said) > 2 and bare[-1].isalnum() and said[-1] not in _NEVER_LAST and len(sentence) < LONGEST_SENTENCE
    return whole and not any(mark in sentence.lower() for mark in _ABOUT_ITSELF)


def _new(sentence: str, said: set[tuple[str, ...]]) -> bool:
    """Whether most of it was not said before, in other sentences or in itself; what it says is ``said`` from now on."""
    row = [word.strip(",;:.!?\"'()") for word in sentence.lower().split()]
    threes = [tuple(row[at : at + 3]) for at in range(len(row) - 2)]
    fresh = set(threes) - said
    said.update(fresh)
    return len(fresh) >= len(threes) * LEAST_NEW
