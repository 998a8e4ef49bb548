"""How many of 100 scripted statements the gate tells right: twenty facts, each said in five ways, half in German."""

from __future__ import annotations

from dataclasses import dataclass

from bot.research.evidence.gate import gate
from bot.research.evidence.shelf import Shelf
from bot.research.model import Passage, Source

PAGES: dict[str, tuple[str, ...]] = {
    "Harbour Office": (
        "The new quay was opened in 2011 and is 1,240 metres long. It took four years to build, and 212 piles "
        "carry it. The harbour handles 3.4 million containers a year, a fifth more than before.",
        "In 2019 a storm damaged 17 cranes, and repairs cost 48 million euros. Since then wind is measured at six "
        "masts, and work stops at 72 kilometres an hour.",
        "The harbour's fleet of tugs runs on methanol to 35 percent. By 2030 the share shall be two thirds.",
    ),
    "Institut für Moore": (
        "Entwässerte Moore machen nur 7 Prozent der Nutzfläche aus, stoßen aber 37 Prozent der Treibhausgase der "
        "Landwirtschaft aus. Seit 1990 wurden 86.000 Hektar wiedervernässt.",
        "Ein Hektar nasses Moor bindet etwa 1.450 Tonnen Kohlenstoff. Torf wächst im Jahr um einen Millimeter, "
        "sodass eine Schicht von zwei Metern rund zweitausend Jahre braucht.",
    ),
    "Review of Grids": (
        "A heat pump of the usual size draws 2.3 kilowatts and delivers 8. In 2023 some 356,000 of them were "
        "sold, 53 percent more than a year earlier, before sales fell by half.",
        "Batteries in homes hold 9.6 kilowatt hours on average. Their price fell from 1,210 to 540 dollars a "
        "kilowatt hour between 2014 and 2024.",
        "On 14 days of 2022 the wind fed more than 80 percent of the grid; on 23 others it fed less than 4.",
    ),
    "Stadtarchiv": (
        "Die Brücke wurde 1887 eingeweiht und 1944 zerstört. Der Wiederaufbau dauerte dreizehn Jahre und kostete "
        "4,2 Millionen Mark; 1.320 Menschen arbeiteten daran.",
        "Täglich überqueren sie heute 31.500 Fahrzeuge, 12 Prozent davon Lastwagen. Die Stadt plant für 2028 eine "
        "zweite Brücke mit 620 Metern Spannweite.",
    ),
    "Open Almanac": (
        "The lake covers 536 square kilometres and is 252 metres deep. Its water stays for 4.3 years, and 11 "
        "rivers feed it.",
        "Of 45 kinds of fish in the lake, 9 live nowhere else. Catches fell from 1,100 tonnes in 1976 to 230 in 2018.",
    ),
}
# The id of the passage that holds it, what is said, and the same with a number that stands nowhere.
FACTS = (
    ("1a", "The quay, opened in 2011, has a length of 1.24 kilometres or 1240 metres", ("1240", "1420")),
    ("1a", "The harbour handles about 3.4 million containers a year", ("3.4", "4.3")),
    ("1b", "A storm in 2019 damaged 17 cranes of the harbour", ("17", "71")),
    ("1b", "Repairs after the storm cost €48 million", ("48", "84")),
    ("1c", "About 35 % of the fuel of the harbour's tugs is methanol", ("35", "53")),
    ("2a", "Entwässerte Moore stoßen 37 % der Treibhausgase der Landwirtschaft aus", ("37", "73")),
    ("2a", "Seit 1990 wurden rund 86 Tausend Hektar Moor wiedervernässt", ("86", "68")),
    ("2b", "Ein Hektar nasses Moor bindet ungefähr 1450 Tonnen Kohlenstoff", ("1450", "1540")),
    ("2b", "Eine Schicht Torf von zwei Metern braucht rund 2000 Jahre", ("2000", "3000")),
    ("3a", "A usual heat pump draws 2.3 kW", ("2.3", "3.2")),
    ("3a", "In 2023 the sales of heat pumps grew by 53 percent to 356 thousand", ("53", "35")),
    ("3b", "The price of home batteries fell to $540 a kilowatt hour by 2024", ("540", "450")),
    ("3c", "On fourteen days of 2022 the wind fed over 80 percent of the grid", ("80", "90")),
    ("4a", "Der Wiederaufbau der Brücke kostete 4,2 Mio. Mark", ("4,2", "2,4")),
    ("4a", "Am Wiederaufbau der Brücke arbeiteten 1320 Menschen", ("1320", "1230")),
    ("4b", "Heute überqueren täglich 31 500 Fahrzeuge die Brücke", ("31 500", "35 100")),
    ("4b", "Die zweite Brücke der Stadt soll 2028 eine Spannweite von 620 Metern haben", ("620", "260")),
    ("5a", "Der See ist 252 Meter tief und bedeckt 536 Quadratkilometer", ("536", "563")),
    ("5b", "Catches of fish in the lake fell to 230 tonnes in 2018", ("230", "320")),
    ("5b", "Die Fänge im See fielen von 1.100 Tonnen im Jahr 1976 auf 230", ("1976", "1967")),
)


@dataclass(frozen=True)
class Told:
    """How many of how many statements of a kind were told right."""

    kind: str
    right: int
    all: int


def shelf() -> Shelf:
    """The pages as a worker has them."""
    return Shelf(
        tuple(
            Source(
                name=name,
                url=f"https://{number}.example/",
                number=number,
                passages=tuple(Passage(letter="abc"[place], text=text) for place, text in enumerate(texts)),
            )
            for number, (name, texts) in enumerate(PAGES.items(), 1)
        )
    )


def told() -> list[Told]:
    """How the gate does, kind by kind."""
    kinds = {"right": _right, "wrong number": _number, "wrong source": _source, "no marker": _marker, "unknown id": _id}
    return [Told(kind, sum(one(*fact) for fact in FACTS), len(FACTS)) for kind, one in kinds.items()]


def _right(name: str, said: str, numbers: tuple[str, str]) -> bool:
    """It passes, and keeps its marker."""
    gated = gate(f"{said} [{name}].", shelf())
    return not gated.faults and f"[{name}]" in gated.text


def _number(name: str, said: str, numbers: tuple[str, str]) -> bool:
    """It fails: the number stands nowhere."""
    return bool(gate(f"{said.replace(*numbers)} [{name}].", shelf()).faults)


def _source(name: str, said: str, numbers: tuple[str, str]) -> bool:
    """It fails: the page that it cites does not say it."""
    other = f"{int(name[0]) % len(PAGES) + 1}a"
    return bool(gate(f"{said} [{other}].", shelf()).faults)


def _marker(name: str, said: str, numbers: tuple[str, str]) -> bool:
    """It gets the marker that it lacks."""
    gated = gate(f"{said}.", shelf())
    return not gated.faults and f"[{name}]" in gated.text


def _id(name: str, said: str, numbers: tuple[str, str]) -> bool:
    """The marker that leads nowhere goes, and the right one comes."""
    gated = gate(f"{said} [9z].", shelf())
    return "9z" not in gated.text and f"[{name}]" in gated.text


def table() -> str:
    """The figures as a Markdown table."""
    rows = told()
    lines = ["| statement | told right |", "|---|---|", *(f"| {row.kind} | {row.right} of {row.all} |" for row in rows)]
    return "\n".join([*lines, f"| all | {sum(row.right for row in rows)} of {sum(row.all for row in rows)} |"])


if __name__ == "__main__":
    print(table())
