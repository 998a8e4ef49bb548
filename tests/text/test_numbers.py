"""Numbers as sentences say them: what is one, and what agrees with what."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.text.agreement import stands_in
from bot.text.numbers import claimed, numbers


@pytest.mark.parametrize(
    ("claim", "source"),
    [
        ("It has 1,200 members", "some 1200 members"),
        ("1.200 Mitglieder", "1200 Mitglieder"),
        ("1 200 members", "1,200 members"),
        ("1.2 thousand members", "1,200"),
        ("1.2 million", "1,234,567 people"),
        ("0.5 of it", "half of it"),
        ("50 percent", "half of it"),
        ("67 percent", "two thirds of it"),
        ("in the 1950s", "in 1953"),
        ("in den 1950er Jahren", "1953"),
        ("the 19th century", "in 1871"),
        ("im 19. Jahrhundert", "in the 19th century"),
        ("150 million degrees", "150,000,000 degrees"),
        ("$5 million", "5 million dollars"),
        ("5 Mio. Euro", "5 million euros"),
        ("35 %", "35 percent"),
        ("36 %", "35.6 percent"),
        ("twenty-five people", "25 people"),
        ("25 people", "twenty-five people"),
        ("zwölf Länder", "12 countries"),
        ("zweihundertfünfzig Menschen", "250 people"),
        ("3 countries", "three countries"),
        ("10–20 million", "between 10 million and 20 million"),
        ("a group of 12", "a dozen"),
        ("2 billion", "2 Milliarden"),
        ("4 Billionen Euro und die Kosten sind von der Stadt", "4 trillion euros"),
        ("2.3 million", "two million three hundred thousand"),
        ("about 1,200", "1,234"),
        ("1855–57", "between 1855 and 1857"),
        ("10–20 million people", "between 10 and 20 million people"),
        ("on 15.03.2021", "March 15, 2021"),
        ("3×10^8 times", "300,000,000 times"),
        ("1.5 million people", "one and a half million people"),
        ("1,5 Millionen Menschen", "anderthalb Millionen Menschen"),
        ("500,000 people", "half a million people"),
        ("80 percent", "four fifths"),
        ("20 %", "one in five"),
        ("45 Mt", "45 million tonnes"),
        ("4.2 kW", "4,2 Kilowatt"),
        ("4,200 MW", "4.2 GW"),
        ("1.4亿人", "140,000,000 people"),
        ("41 cents a unit", "$0.41 a unit"),
        ("$0.41 a unit", "41 cents a unit"),
        ("50 Cent", "0,50 Euro"),
        ("20 pence", "£0.20"),
        ("more than 1,200 people", "1,243 people"),
        ("more than 3 million people", "3.4 million people"),
        ("nearly 1,200 people", "1,150 people"),
        ("in March 2024", "on 2024-03-05"),
        ("in 2024-03", "March 2024"),
        ("am 3. März 2024", "March 3rd, 2024"),
        ("le 3 mars 2024", "5/3/2024 and 3/5/2024"),
        ("in 1999–00", "from 1999 to 2000"),
        ("two thirds of it", "66.7 %"),
        ("almost two thirds of it", "64 percent"),
        ("zwei Drittel", "67 Prozent"),
        ("from 46.2 in 2019 to 51.8 percent", "51.8 percent, after 46.2 percent in 2019"),
        ("61.2 % of it", "118.7 % in 2019 and 61.2 in 2020"),
        ("0.8 million people", "from 1.2 million in 2019 to 0.8 in 2020"),
        ("von 46,2 auf 51,8 Prozent", "46,2 Prozent und 51,8 Prozent"),
        ("4.4 percentage points", "4,4 Prozentpunkte"),
        ("0.25 percentage points", "25 basis points"),
        ("7,4 pour cent de la ville et de la région", "7,4 %"),
        ("un 4,4 por ciento de la población", "4,4 %"),
        ("35 M€", "35 million euros"),
        ("320 Mrd. Euro", "320 billion euros"),
        ("5 billion kroner", "NOK5bn"),
        ("mehr als 1100 Nummern", "1.126 Nummern"),
        ("rund 1500 Menschen und die Stadt", "1523 Menschen und die Stadt"),
        (">220 m", "227 m"),
        ("im 17. und 18. Jahrhundert", "1685 and 1750"),
        ("the 1800s", "in the nineteenth century"),
        ("the 1800s", "in 1869"),
        ("the nineteenth century", "in 1869"),
        ("im neunzehnten Jahrhundert", "the 19th century"),
        ("au XIXe siècle", "in 1869"),
        ("en el siglo XVI", "in the sixteenth century"),
        ("60 %", "drei Fünfteln der Stadt"),
        ("60 %", "3/5 of it"),
        ("a third of all", "34.8 percent"),
        ("a quarter of them", "one in four"),
        ("more than a third of all", "38 percent"),
        ("25 %", "one tonne in four"),
        ("250,000 people", "a quarter of a million people"),
        ("5.15e18 kg", "5.15 × 10^18 kg"),
        ("10^{18} times", "10^18 times"),
        ("1.6 m/s^2", "1.625 m/s²"),
        ("25 bps", "25 basis points"),
        ("75 %", "tres cuartas partes de la ciudad"),
        ("près des deux tiers de la ville", "63 %"),
        ("47.5 pounds", "47.5 lb"),
        ("50 μs", "50 µs"),
        ("one and a half million people", "1,500,000 people"),
        ("20 Gbit/s", "20 gigabits per second"),
        ("14 April 2023", "April 14, 2023"),
    ],
)
def test_one_number_agrees_with_its_other_forms(claim: str, source: str) -> None:
    said = claimed(claim)
    assert said
    assert all(stands_in(each, numbers(source)) for each in said)


@pytest.mark.parametrize(
    ("claim", "source"),
    [
        ("1,234,567", "1.2 million"),
        ("in 1953", "in the 1950s"),
        ("in 1953", "in 1954"),
        ("$5 million", "€5 million"),
        ("35 %", "35 members"),
        ("69 MJ", "59 MJ"),
        ("1,000 people", "1,234 people"),
        ("12 percent", "21 percent"),
        ("41 cents", "$0.14"),
        ("41 cents", "£0.41"),
        ("20 pence", "$0.20"),
        ("more than 1,200 people", "1,150 people"),
        ("mehr als 1.200 Menschen", "1.150 Menschen"),
        ("nearly 1,200 people", "1,240 people"),
        ("more than 3 million people", "4.4 million people"),
        ("in April 2024", "on 2024-03-05"),
        ("5 April 2024", "5 March 2024"),
        ("two thirds of it", "a third of it"),
        ("more than two thirds of it", "64 percent"),
        ("4.4 percent", "4.4 percentage points"),
        ("320 Mrd. Dollar", "320 Mrd. Euro"),
        ("$5 billion", "NOK 5bn"),
        ("15 Euro", "15 Mark"),
        ("20 Mbit/s", "20 Gbit/s"),
        ("20 MB", "20 Mbit"),
        ("50 µs", "50 ms"),
        ("47.5 kg", "47.5 lb"),
        ("14 April 2023", "14.1 % in April 2023"),
        ("a third of all", "about half of all"),
        ("more than a third of all", "45 percent"),
        ("a quarter of them", "29 percent"),
        ("35 percent", "35 members"),
        ("one and a half million people", "one million people"),
        ("rund 1500 Menschen und die Stadt", "im Jahr 1523"),
        ("au XVIIIe siècle", "in 1869"),
        ("in the eighteenth century", "in the nineteenth century"),
    ],
)
def test_another_number_does_not_agree(claim: str, source: str) -> None:
    assert not all(stands_in(each, numbers(source)) for each in claimed(claim))


@pytest.mark.parametrize(
    "text",
    [
        "GPT-4 and CO2 with 5G, T-3, COVID-19, H2O, A320, B2B, Win32 and 3D",
        "version 1.2.3 and v2",
        "the 2nd and 3rd",
        "hundreds of people",
        "first, one thing and three others",
        "half of it, or a third",
        "It may rain in March",
        "CO_2, H_{2}O and x^2",
        "(1) the first and (2) the other",
        "a quarter of an hour",
        "les années 60 et les années soixante de la ville",
    ],
)
def test_names_versions_ordinals_and_small_words_are_no_claims(text: str) -> None:
    assert claimed(text) == ()


@given(st.integers(11, 10**12))
def test_a_whole_number_agrees_with_itself_however_its_thousands_are_parted(number: int) -> None:
    forms = [f"{number}", f"{number:,}", f"{number:,}".replace(",", "."), f"{number:,}".replace(",", "\u202f")]
    for claim in forms:
        for source in forms:
            assert all(stands_in(each, numbers(f"some {source} people")) for each in claimed(f"all {claim} people"))


@given(st.text(max_size=200))
def test_any_text_has_numbers_or_none(text: str) -> None:
    assert all(each.values for each in numbers(text))


@pytest.mark.parametrize(
    ("claim", "source"),
    [("45 Mt", "45 Gt"), ("5 TWh", "5 GWh"), ("100 km", "100 miles"), ("2.5 hours", "2.5 minutes"), ("$5", "£5")],
)
def test_the_same_number_of_something_else_is_another(claim: str, source: str) -> None:
    assert not all(stands_in(each, numbers(source)) for each in claimed(claim))


@pytest.mark.parametrize("text", ["Windows 11", "chapter 3", "der 2. Versuch und die Folgen", "24/7", "Llama 3.1"])
def test_what_names_and_orders_needs_no_source(text: str) -> None:
    assert not claimed(text)
