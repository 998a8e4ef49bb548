"""What an operator needs beside the runs themselves.

health.py     /healthz, /readyz, /metrics
retention.py  what is kept too long
forget.py     one run deleted
move.py       to another database
backup.py     a whole copy of the file
"""
