"""What a capable model would write about nuclear fusion: pictures are to show what people would read."""

from __future__ import annotations

from bot.playground.model import ModelServer

TOPIC = "nuclear fusion"
QUESTION = "What is the difference between a tokamak and a stellarator?"

HISTORICAL = """\
In 1920 Arthur Eddington proposed that stars shine by turning hydrogen into helium. Robert Atkinson and Fritz \
Houtermans made the idea quantitative in 1929 with quantum tunnelling. Ernest Rutherford, Mark Oliphant and Paul \
Harteck produced fusion in the laboratory in 1934, and Hans Bethe set out the stellar reaction chains in 1938–39.

Work on reactors began in secret around 1950. Lyman Spitzer designed the stellarator at Princeton; Igor Tamm and Andrei \
Sakharov conceived the tokamak in Moscow. Most of this research was declassified at the Geneva conference of 1958.

**The turning point came in 1968,** when Soviet scientists reported far hotter plasma in the T-3 tokamak. A British team \
confirmed the result a year later, and tokamaks spread worldwide.

**Milestones since then:**
- 1991: JET in Britain runs the first deuterium–tritium experiment.
- 1997: JET reaches 16 MW of fusion power.
- 2022: the National Ignition Facility obtains 3.15 MJ from 2.05 MJ of laser light, the first target gain above one.
- 2023: JET closes with a record 69 MJ in one pulse.

Confidence: high, because these events are well documented"""

TECHNICAL = """\
Fusion joins light nuclei. The easiest reaction uses two forms of hydrogen: deuterium and tritium combine into helium-4 \
and a neutron and release 17.6 MeV, four fifths of it carried by the neutron. Because nuclei repel each other, the fuel \
must reach about 150 million °C and become a plasma.

**Progress is measured by the triple product** of density, temperature and confinement time. Two approaches lead:
- *Magnetic confinement* holds thin plasma in a ring-shaped field for seconds or longer. Tokamaks drive a current through \
the plasma; stellarators shape the field with external coils alone. ITER aims for 500 MW of fusion power from 50 MW of \
heating.
- *Inertial confinement* compresses a fuel pellet within nanoseconds. The National Ignition Facility uses 192 laser beams.

**Three problems stand between experiments and power plants.** Tritium decays with a half-life of 12.3 years and must be \
bred from lithium around the plasma. Fast neutrons damage and activate the walls. The exhaust region must survive intense \
heat. High-temperature superconducting magnets, shown at 20 tesla in 2021, may allow smaller machines.

Confidence: high, because the physics is settled and the open tasks are widely agreed"""

SOCIETAL = """\
Fusion promises steady, low-carbon electricity from fuel that is widely available: deuterium from water, tritium bred \
from lithium. A plant could not suffer a runaway chain reaction, because the plasma cools as soon as control is lost. It \
would leave no spent fuel, but activated steel and tritium must be handled safely for decades.

**Regulators are drawing a line between fusion and fission.** In 2023 the United States chose to license fusion under its \
rules for radioactive by-product material, and the United Kingdom removed fusion sites from nuclear site licensing.

**Money has moved from states to markets.** ITER unites China, the European Union, India, Japan, South Korea, Russia and \
the United States. Private companies report close to 10 billion dollars raised by 2025, most of it since 2021.

**Open questions remain.** No machine has yet delivered net electricity, and company targets for the early 2030s are \
ambitious. High building costs could limit who benefits.

Confidence: medium, because costs and dates are plans, not results"""

SECTIONS = {
    "historical": """\
Eddington suggested in 1920 that hydrogen fusion powers the stars, and Bethe described the reactions by 1939. Reactor \
research started around 1950 with the stellarator in the United States and the tokamak in the Soviet Union. It became \
open science at Geneva in 1958. The T-3 results of 1968 made the tokamak the leading design. JET produced 16 MW in 1997 \
and 69 MJ in a single pulse in 2023.""",
    "technical": """\
Deuterium and tritium fuse into helium and a neutron, releasing 17.6 MeV. The fuel must reach roughly 150 million °C at \
sufficient density for long enough, a condition expressed by the triple product. Three engineering tasks are unsolved at \
plant scale:
1. breeding tritium from lithium faster than it is used,
2. finding wall materials that withstand fast neutrons,
3. removing heat and helium exhaust continuously.""",
    "societal": """\
Fusion offers firm low-carbon power without long-lived spent fuel or the risk of a runaway reaction. The United States \
and the United Kingdom decided in 2023 to regulate it separately from fission. Private funding has grown to nearly 10 \
billion dollars beside the seven-member ITER project. Costs, access and timing remain uncertain.""",
    "synthesis": """\
Fusion works in the laboratory but has not yet produced net electricity. In 2022 a laser experiment produced more energy \
than the light that struck its target; tokamaks hold the records for sustained power. Tritium supply, neutron damage and \
cost will decide whether the first plants arrive in the 2030s, as companies plan, or later.

## Synthesis
As the technical and the societal angle show, all three point the same way. **Physics is no longer the main doubt; \
engineering and economics are.** Each historical advance came from better confinement, and stronger magnets continue that \
line.

Regulation has moved ahead of the technology, which lowers one barrier for private plants. It also means that public \
rules are being written before anyone has run such a plant.""",
}

ANSWER = """\
A tokamak and a stellarator both hold plasma with magnetic fields in the shape of a ring. They differ in where the twist \
of the field comes from, as the technical angle says.

- **Tokamak:** a strong current in the plasma itself adds the twist.
- **Stellarator:** shaped external coils make the whole field, with no current that could break down.

ITER and JET are tokamaks. The technical angle does not compare their costs."""


def knows(model: ModelServer) -> None:
    """Let the model know all this."""
    for slug, text in {"historical": HISTORICAL, "technical": TECHNICAL, "societal": SOCIETAL}.items():
        model.answer(f"angle/{slug}", text)
    for slug, text in SECTIONS.items():
        model.answer(f"report/{slug}", text)
    model.answer("follow-up/*", ANSWER)
