"""One run: fan out to workers, fan in to one report. No Slack, no OpenAI, no SQL, no engine.

run.py           fan-out and fan-in: the file to read first
investigate.py   one angle
deep.py          one angle split into questions
deep_calls.py    what is asked for it
synthesize.py    the report in one call
sections.py      the report section by section, while other angles still work
weights.py       how well each angle is supported, as a table
beside.py        long work beside the event loop, and in turn
model_call.py    one model call within the time limit
budget.py        and within what a run may use
request.py       words in, a topic and its angles out
angles.py        the three standard angles, and what makes an angle of a name
presets.py       named lists of angles, which stand in angles.toml
plan.py          angles chosen for the topic
voice.py         how a run speaks with its model
simple_voice.py  with one too small for rules
model.py         the words of the product, as frozen values
run_state.py     how a run stands
active_run.py    a run under way
cancel_scope.py  the way to stop it
ports.py         what one run needs from outside: Model, Journal, Room, Thread
errors.py        what can go wrong in one
"""
