"""What is kept of the texts of a very small model: they loop, break off and speak of themselves."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.text.english import words
from bot.text.rambling import opening, settled

SOUND = (
    "Tea is made from the leaves of a plant that grows in the hills of Asia. Monks drank it to stay awake, and "
    "traders carried it over the mountains.\n\nIn 1610 a ship brought 3.5 tons of it to Europe, where Dr. James B. "
    "Smith sold it as a medicine. By the end of the century it was a habit."
)
WORDS = sorted(words('The tea is a drink of hills and Dr. Smith, in 3.5 e.g. that was said by . ! ." :'))
SMALL = st.sampled_from([*WORDS, "\n\n"])


def test_a_sound_text_stays_as_it_is() -> None:
    """Numbers and titles end no sentence."""
    assert settled(SOUND) == SOUND


@pytest.mark.parametrize(
    "unfinished",
    [
        "The first shop was opened by",
        "The first shop was opened by the.",
        "The process of brewing involves a.",
        "It was shipped from the ports of,!",
        "These new-f!",
        "The.",
        "It spread to India, to Ceylon and [.",
        "It cost more than silver and " + "was sold and bought and sold again " * 8 + "everywhere.",
        "It was praised by Dr.",
    ],
)
def test_what_breaks_off_is_left_out(unfinished: str) -> None:
    """Half a sentence would pass for the model's last word."""
    assert settled(f"{SOUND} {unfinished}") == SOUND


@pytest.mark.parametrize(
    "repeated",
    [
        "By the end of the century it was a habit.",
        "Monks drank it to stay awake, and traders carried it over the high mountains.",
        "It is one that has begun, and one that has begun, and one that has begun, and one that has begun.",
        "It was sold and it was sold and it was sold and it was sold and it was sold in London.",
        "In 1610 a ship brought 3.5 tons of it to Europe. In 1610 a ship brought 3.5 tons of it to Europe.",
        "Tea is made from the leaves of a plant that grows in the hills of Asia!",
    ],
)
def test_what_was_said_before_is_left_out(repeated: str) -> None:
    """A loop fills a page without a thought."""
    assert settled(f"{SOUND} {repeated}") == SOUND


@pytest.mark.parametrize(
    "aside",
    [
        "I'm sorry, but I have no more to say about this subject here today.",
        "As an AI I do not have opinions on what people drink.",
        "I am an AI assistant and was made to help you.",
        "I cannot tell you more without looking at the books.",
        "As an AI language model, I would rather talk of coffee.",
    ],
)
def test_what_a_model_says_of_itself_is_left_out(aside: str) -> None:
    assert settled(f"{SOUND} {aside}") == SOUND


@pytest.mark.parametrize(
    "announced",
    ["Here is a short text on tea: ", "Here's how it works, step by step: ", "Sure, a text: ", "Title: ", "Step 1: "],
)
def test_an_announcement_is_left_out_and_its_text_stays(announced: str) -> None:
    assert settled(announced + SOUND[0].lower() + SOUND[1:]) == SOUND


@pytest.mark.parametrize(
    "absurd",
    [
        "",
        "...",
        "Tea is a drink of the hills.",
        "The topic of tea is a topic of debate. The topic of tea has been a topic of debate for many years. The topic "
        "of tea is still a topic of debate, and it is a topic that has been debated for many years. The topic has been "
        "debated for a very long time, and it continues to be debated.",
        "Kernfusion ist eine angezeigten Prozess für den kaufen. Kaufzeitlich ist kaufe, kaufteiligkeit, kaufkomma, "
        "kauflei, kaufwirf, kaufzuschnigkeit. Der kaufgelebener Prozess ist kaufzeitige Auswahl. Dann kaufen wir die "
        "Aurora in Deutschland mit kaufteilige Prozesse und Kraft und Licht und Luft und Wasser und Feuer.",
        "tea tea tea tea tea tea tea tea tea tea. " * 20,
        "1 2 3 4 5 6 7 8 9. 10 11 12 13 14 15 16 17 18 19. 20 21 22 23 24 25 26 27 28 29 30 31 32 33 34 35 36.",
        "お茶は中国で生まれた飲み物です。" * 40,
        "I'm sorry, but I cannot help with that. As an AI I have no opinion on it, and I can't form one.",
        SOUND.replace(".", ",").replace("!", ","),
    ],
)
def test_of_an_absurd_text_nothing_is_kept(absurd: str) -> None:
    """A gap that is said aloud is better than a page of nonsense."""
    assert settled(absurd) == ""


@given(st.lists(SMALL, max_size=120).map(" ".join) | st.text())
def test_only_whole_sentences_are_kept_in_their_order_and_settling_twice_changes_nothing(text: str) -> None:
    """Nothing may be made up on the way."""
    kept = settled(text)
    assert not kept or kept.rstrip("\"'”’)]").endswith((".", "!", "?"))
    rest = iter(text.split())
    assert all(any(word.lower() == other.lower() for other in rest) for word in kept.split())
    assert settled(kept) == kept


def test_an_opening_ends_with_a_sentence_and_is_never_empty() -> None:
    """The report quotes a finding by its first sentences."""
    assert opening(SOUND, 160) == SOUND.partition("\n\n")[0]
    assert opening(SOUND, 1) == SOUND.partition(" Monks")[0]
    assert opening(SOUND, 10_000) == " ".join(SOUND.split())
