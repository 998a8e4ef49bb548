"""A research bot for Slack: `/research <topic>`, three angles at once, one report in a thread.

The map, from the inside out::

    research/     the pattern: no Slack, no OpenAI, no SQL, no engine
        run.py          fan-out and fan-in: the file to read first
        investigate.py  one angle          synthesize.py  the report        ask.py  one model call within the time limit
        topics.py       words in, a topic and its angles out                     typed.py   words as people read them
        written.py      what models wrote without greetings   pleasantries.py  how they greet
        sections.py     a report read apart                   headings.py      however they are marked
        readable.py     prose without HTML and LaTeX    segments.py     apart from code    prose.py  line by line
        tags.py         HTML as markup.py has it          formulas.py     as latex.py has them
        brackets.py     links as links.py shows them
        desk.py         takes questions and has them researched                  roster.py  what is under way
        limits.py       how many runs there may be                               tally.py   how many there are
        rights.py       who may do what                  channels.py  their ids, which may change
        live.py         a run under way    lifeline.py    the way to stop it
        conversation.py  replies in threads              thread_rules.py  which are for the bot
        lines.py        whose turn it is   follow_up.py    one answer
        exporting.py    a run as a file or a canvas, once                        document.py  what is in it
        store.py        the store, asked until it answers
        voice.py        how a run speaks with its model    simple_voice.py  with one too small for rules
        rambling.py     what such a one wrote, settled     english.py  is it English?
        model.py        the words          state.py       how a run stands
        orders.py       what the engine is told           transcript.py  what is said
        ports.py        what is needed from outside
        errors.py       what can go wrong  wording.py     how numbers and times are said
        prompts/        what the voices are told
    slack/        what Slack says to us, how we speak in Slack
        commands.py     /research          actions.py     clicks           hints.py       private answers
        starts.py       messages           forms.py        the form, the shortcut     form.py    how it looks
        openness.py     who may read there now
        home_tab.py     the Home tab       home.py         how it looks     welcome.py  the first words
        places.py       may it run there?
        listing.py      runs in a list     notes.py       words beside a run   kept.py  topics
        room.py         the Room port, spoken in Slack     thread.py       the Thread port
        root_writer.py  the root message, edited in place
        outbox.py       who goes first, how fast           posting.py     a message, effectively once
        parts.py        a text in as many as it takes      plainer.py     what Slack refuses, again
        sockets.py      Socket Mode                        dispatch.py    what Slack delivers, handed to Bolt
        unknown.py      what nobody hears of               guard.py       clicks from elsewhere
        renumbered.py   channels that get a new id
        contents.py     what a message says                names.py        what ids are called
        events.py       what people write  talk.py        answers to it    answers.py     their words
        signs.py        that one is being written
        private.py      for one person only
        controls.py     what stands beside a report        menus.py       verbs in menus   told.py  what pressers hear
        exports.py      clicks on an export                press.py       files and canvases
        feedback.py     useful or not, and why not
        advice.py       what to do about a failure
        blocks.py       values in, blocks out              markdown.py    pings defused    seams.py  cut at limits
        lines.py        what each line is  pieces.py       where it may be cut
    adapters/     the outside world, <port>_<technology>.py
        engine_dbos.py  durable orders     journal_dbos.py  their steps    runs_sql.py    what is kept for people
        transcript_sql.py  what was said   exports_sql.py  exports    opinions_sql.py  feedback
        channels_sql.py    ids that channels had
        model_openai.py  a model, asked again where that helps              model_openai_wire.py    one request
        model_openai_answer.py   the text in an answer                      model_openai_said.py    whatever comes back
        model_openai_shapes.py   answers of other forms                    model_openai_transport.py  how much is read
        model_openai_thoughts.py  no thinking aloud                         model_openai_tokens.py  no template's tokens
        model_openai_options.py  which options a model takes                model_openai_usage.py   what was used
        model_openai_failure.py  what a failure means                       model_openai_words.py   in whose words
        model_openai_waits.py    how long to wait                           model_openai_network.py  nothing came back
        endpoint.py     where a model answers, and where it likely does
        tables.py       all that is kept of runs           database.py    SQLite or Postgres
        sqlite_file.py  the file, private and owned        causes.py     why a database fails
        causes_words.py    in whose words, and what to do
        migrations/     the tables' history
    playground/   a Slack of our own on loopback
    network.py    proxies, and why the network fails
    settings.py   the environment, read once               logs.py      structlog
    env_file.py   lines of .env that cannot be read        terminal.py  streams as they are
    housekeeping.py  what is kept too long   forgetting.py  one run deleted   moving.py  to another database
    backup.py     a whole copy of the file
    trial.py      a run in a terminal      speaker.py  on which model
    web.py        /healthz, /readyz, /metrics              app.py       the one place where the rings meet
    serve.py      from the start to the last run           __main__.py  the command line

slack/ and adapters/ never import each other; research/ imports neither.
"""

__version__ = "0.1.0"
