"""Everything that people read. The language is chosen here: another one is a file beside ``en`` with the same names.

en.py  in English
"""

from bot.research.words.en import *  # noqa: F403
