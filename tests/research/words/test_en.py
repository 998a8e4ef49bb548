"""Numbers, times and failures as people read them."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.research.angles import own_angles
from bot.research.errors import ModelError
from bot.research.model import LIMITS, Failure, Finding, Limit, Usage, UsualCost
from bot.research.words.en import (
    FAILURES,
    NBSP,
    allowed,
    angles,
    cost,
    duration,
    listed,
    not_split,
    patience,
    price,
    sentence,
    short,
    tokens,
    usual_cost,
    usually,
)


def spoken(text: str) -> str:
    return text.replace(NBSP, " ")


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0.4, "under 1 s"),
        (1.4, "1 s"),
        (41, "41 s"),
        (59.7, "1 min"),
        (108, "1 min 48 s"),
        (360, "6 min"),
        (3900, "1 h 5 min"),
        (3601, "1 h"),
    ],
)
def test_a_duration_is_said_in_the_units_that_people_use(seconds: float, said: str) -> None:
    """ "108 seconds" makes a reader calculate."""
    assert spoken(duration(seconds)) == said


@pytest.mark.parametrize(("seconds", "said"), [(90, "90 s"), (60, "60 s"), (360, "6 min"), (0.2, "under 1 s")])
def test_a_limit_is_said_as_it_was_set(seconds: float, said: str) -> None:
    """The operator looks for 90 in the settings, not for one and a half minutes."""
    assert spoken(patience(seconds)) == said


@pytest.mark.parametrize(
    ("cause", "most", "said"),
    [
        ("time_limit", 360, "6 min"),
        ("call_limit", 60, "60 model calls"),
        ("token_limit", 50_000, "50,000 tokens"),
        ("price_limit", 0.5, "$0.50"),
        ("price_limit", 0.005, "$0.005"),
        ("price_limit", 0.015, "$0.015"),
        ("price_limit", 1_200, "$1,200.00"),
    ],
)
def test_each_limit_of_a_run_is_said_with_its_unit(cause: str, most: float, said: str) -> None:
    """Which of them it was tells the operator which setting to raise."""
    assert spoken(allowed(Limit(cause=cause, most=most))) == said


def test_every_limit_of_a_run_has_its_words() -> None:
    assert set(LIMITS) <= set(FAILURES)


def test_a_number_never_breaks_from_its_unit() -> None:
    """On a phone the line would end with the number."""
    assert duration(108) == f"1{NBSP}min 48{NBSP}s"
    assert tokens(9840) == f"9,840{NBSP}tokens"
    assert angles(1) == f"1{NBSP}angle"


@pytest.mark.parametrize(
    ("dollars", "said"), [("0.031", "about $0.03"), ("0.004", "about $0.004"), ("0.0001", "under $0.001")]
)
def test_a_price_is_said_with_as_many_decimals_as_mean_something(dollars: str, said: str) -> None:
    """ "about $0.00" would say that it was free."""
    assert price(Decimal(dollars)) == said


def test_what_is_not_known_about_the_cost_is_left_out() -> None:
    """An unknown price is not zero."""
    known = Usage(calls=4, input_tokens=9000, output_tokens=840, price=Decimal("0.03"))
    assert [spoken(part) for part in cost(known)] == ["4 model calls", "9,840 tokens", "about $0.03"]
    assert [spoken(part) for part in cost(known.model_copy(update={"price": None}))] == [
        "4 model calls",
        "9,840 tokens",
    ]
    assert [spoken(part) for part in cost(known.model_copy(update={"metered": False}))] == ["4 model calls"]
    assert [spoken(part) for part in cost(Usage(calls=1))] == ["1 model call", "0 tokens", "no cost"]
    assert cost(known.model_copy(update={"local": True}))[-1] == "no cost (local model)"
    assert [spoken(part) for part in cost(known.model_copy(update={"estimated": True}))] == [
        "4 model calls",
        "at least 9,840 tokens",
        "at least $0.03",
    ]


@pytest.mark.parametrize(("names", "said"), [(["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c")])
def test_names_are_listed_as_in_a_sentence(names: list[str], said: str) -> None:
    """A gap line is read, not parsed."""
    assert listed(names) == said


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [
        (0.1, 0.4, "usually under 10 s"),
        (8, 17, "usually under 20 s"),
        (20, 20, "usually 20 s"),
        (24, 41, "usually 20–50 s"),
        (50, 60, "usually 50–60 s"),
        (50, 61, "usually under 2 min"),
        (75, 118, "usually 1–2 min"),
        (60, 130, "usually 1–3 min"),
        (240, 240, "usually 4 min"),
    ],
)
def test_a_usual_time_is_a_range_in_round_numbers(low: float, high: float, said: str) -> None:
    """To the second it would be a promise."""
    assert usually(low, high).replace(NBSP, " ") == said


def causes(kind: type[ModelError]) -> set[str]:
    """The codes of this failure and of all that are of its kind."""
    return {kind.cause}.union(*(causes(each) for each in kind.__subclasses__()))


def test_every_way_in_which_a_model_fails_has_its_words() -> None:
    """A code that nobody gave words to would be told as if nothing were known of it."""
    assert causes(ModelError) - {ModelError.cause} <= set(FAILURES)


@given(st.sampled_from(sorted({*FAILURES, "unheard_of"})), st.integers(1, 9), st.floats(0, 500), st.floats(0, 500))
def test_a_failure_is_told_in_two_lengths_without_its_code(cause: str, tries: int, waited: float, limit: float) -> None:
    failure = Failure(cause=cause, tries=tries, waited=waited, limit=limit, because="it has expired")
    for told in (short(failure), sentence(failure)):
        assert told
        assert not told.endswith(".")
        assert not set("{}_") & set(told)
        assert "unheard" not in told


def test_a_failure_that_was_kept_as_sentences_is_told_as_it_was() -> None:
    """Runs of earlier days are listed and exported too."""
    kept = '{"cause":"model_timeout","sentence":"it took over 90 s","short":"it took long","usage":{},"seconds":91.0}'
    failure = Failure.model_validate_json(kept)
    assert (sentence(failure), short(failure)) == ("it took over 90 s", "it took long")
    again = Failure.model_validate_json(failure.model_dump_json())
    assert again == failure


@pytest.mark.parametrize(
    ("calls", "dollars", "said"),
    [
        ((16, 20), "0.0123", "16–20 calls, about $0.01"),
        ((16, 16), "0.004", "16 calls, about $0.004"),
        ((1, 1), None, "1 call"),
        ((900, 1100), "12", "900–1,100 calls, about $12.00"),
    ],
)
def test_a_usual_cost_is_said_as_calls_and_dollars(calls: tuple[int, int], dollars: str | None, said: str) -> None:
    """An unknown price is left out."""
    usual = UsualCost(calls=calls, dollars=Decimal(dollars) if dollars else None)
    assert usual_cost(usual).replace(NBSP, " ") == said


@pytest.mark.parametrize(
    ("plain", "said"),
    [
        (1, "the Law angle was not split into questions"),
        (2, "the Law and Cost angles were not split into questions"),
        (3, "no angle was split into questions"),
    ],
)
def test_angles_that_were_not_split_are_named_unless_it_is_all_of_them(plain: int, said: str) -> None:
    """Who reads that not every angle was split takes some for split where none was."""
    found = [Finding(angle=angle, text="Tea.") for angle in own_angles(["Law", "Cost", "Future"])]
    assert not_split(found[:plain], len(found)) == said
