"""A team's runs: who may, how many, what is kept, what is said about them. Knows no Slack and no SQL either.

desk.py          decides what is researched, stopped, tried again
worker.py        does it, and lets go when the process ends
intake.py        whether jobs are taken, or left to the next process
active_runs.py   what is under way
elsewhere.py     what other processes have under way
counting.py      turns at counting them
peers.py         who they are, as far as that matters here
quotas.py        how many runs and questions there may be, and how many there were
estimates.py     how long a run usually takes, and what it costs
permissions.py   who may do what with a run
access.py        who may start one or ask on, and where
admission.py     asked of everybody who does
jobs.py          what the engine is told to do, kept until it is done
persist.py       what is kept of runs, in order, whenever the store answers
background.py    work that nobody waits for
channels.py      channels, whose ids may change
conversation.py  the threads of runs, put together
threads.py       what these work on
inbox.py         replies heard, judged, kept
answering.py     answered, one at a time
muting.py        silence in a thread
reply_rules.py   which replies are for the bot
reply_queue.py   whose turn it is
answer.py        one answer, from what was found
transcript.py    what is said, as frozen values
exports.py       a run as a file or a page, once
document.py      what is in it
ports.py         what they need from outside: Engine, Runs, Transcript, Dialogue, People, Exports, Exporter
errors.py        what can go wrong with them
"""
