"""The web: searches and pages, one technology a file.

search.py            the searches that are chosen, in their order
searching.py         which ones, and what they need
search_searxng.py    through a SearXNG of the operator's
search_tavily.py     with Tavily
search_brave.py      with Brave
search_exa.py        with Exa
search_wikipedia.py  in Wikipedia
search_openai.py     with the tool that OpenAI hosts
search_ddgs.py       with the package ddgs
json_request.py      one request to a provider
candidates.py        what was found, made usable
dates.py             dates of any form
agent.py             how we call ourselves
pages_http.py        a page, from its address to its text
pages_guard.py       which addresses may be asked
pages_cache.py       what was read within the hour
pages_readers.py     the processes that read
pages_reader.py      one of them
pages_content.py     what a page says, from its bytes
pages_text.py        without what nobody sees
"""
