"""A research bot for Slack: `/research <topic>`, three angles at once, one report in a thread.

The house, from the inside out; each folder names its own files, and arrows point inward only::

    text/                     strings in, strings out: what people type and models write, made readable
    research/                 one run: fan-out, fan-in; run.py is the file to read first
    research/evidence/        what a text rests on, and the gate that checks it
    research/prompts/         what the model is told, a Markdown file a voice
    research/words/           everything that people read, in English
    service/                  a team's runs: who may, how many, what is kept; replies, answers, exports
    slack/                    Slack's side: app.py registers every listener
    slack/format/             blocks, escapes, Markdown cut at its seams
    slack/messages/           values in, payloads out
    slack/transport/          to and from Slack: paced, effectively once
    slack/ports/              the ports of research/ and service/, spoken in Slack
    slack/listeners/          what Slack tells us: parsed, handed over, acknowledged
    adapters/                 the outside world, <port>_<technology>.py
    adapters/web/             searches, and pages that are read safely
    adapters/migrations/      the history of our tables
    operations/               health, retention, deletion, copies
    playground/               the outside world on loopback: for trying, for tests
    playground/slack/         a Slack of our own
    playground/page/          that Slack in a browser
    playground/page/drawing/  blocks as HTML, part by part
    playground/page/seeing/   what people see
    playground/page/doing/    what people do
    playground/web/           a search and sites of our own

    settings.py      the environment, read once
    env_file.py      lines of .env that cannot be read
    logs.py          one JSON object a line
    network.py       proxies, and why the network fails
    terminal.py      streams as they are
    app.py           the composition root: where the rings meet
    serve.py         from the start to the last run
    check.py         what works, and what to do about what does not
    check_web.py     the same of searches and pages
    check_line.py    what is said of one thing
    trial.py         a run in a terminal
    speaker.py       with which voice
    model_choice.py  which model is at hand
    library.py       where workers search and read
    __main__.py      the command line
"""

__version__ = "0.1.0"
