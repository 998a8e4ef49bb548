"""How numbers, times and lists are said to people.

en.py  in English
"""
