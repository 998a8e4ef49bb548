"""The outside world, one port and one technology a file: ``<port>_<technology>.py``.

engine_dbos.py             durable jobs
kept_jobs_dbos.py          what is kept of them
journal_dbos.py            their steps
steps_dbos.py              steps stored many at a time
journal_memory.py          steps that live as long as their run
runs_sql.py                runs, as people see them
transcript_sql.py          what was said
exports_sql.py             exports
feedback_sql.py            what people think of reports
costs_sql.py               what it all cost a month
channels_sql.py            ids that channels had
tables.py                  all tables
database.py                SQLite or Postgres
sqlite_file.py             the file, private and owned
seat_postgres.py           a process's place at a server that several serve from
peers_postgres.py          what those have to do with each other
causes.py                  why a database fails
causes_words.py            in whose words, and what to do
model_openai.py            a model, asked again where that helps
model_openai_wire.py       one request
model_openai_transport.py  how much of an answer is read
model_openai_said.py       whatever comes back
model_openai_shapes.py     answers of other forms
model_openai_answer.py     the text in an answer
model_openai_thoughts.py   without thinking aloud
model_openai_tokens.py     without a template's tokens
model_openai_options.py    which options a model takes
model_openai_usage.py      what was used
model_openai_failure.py    what a failure means
model_openai_words.py      in whose words
model_openai_waits.py      how long to wait
model_openai_network.py    nothing came back
model_embedded.py          the tiny model that comes along
encyclopedia_offline.py    how some articles begin, beside it
model_local.py             one that runs on this machine already
model_listing.py           which of its models can chat
model_queue.py             who may call the model now
hedging.py                 a second copy of a late call
endpoint.py                where a model answers, and where it likely does
prices.py                  what tokens cost
metrics_prometheus.py      what an operator watches
thread_terminal.py         a run shown in a terminal
screen_rich.py             its pages
"""
