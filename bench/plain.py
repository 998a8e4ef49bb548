"""The plain script to compare with: asyncio.gather and the SDK, four calls a run, nothing else.

Takes the endpoint and topics as arguments; prints the seconds of each run as JSON.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time

from openai import AsyncOpenAI

from bench.latency import STEPS


async def main() -> None:
    url, *topics = sys.argv[1:]
    async with AsyncOpenAI(api_key="none", base_url=url, max_retries=0) as client:

        async def ask(step: str, prompt: str) -> str:
            answer = await client.chat.completions.create(
                model="local",
                messages=[{"role": "system", "content": "Write."}, {"role": "user", "content": prompt}],
                extra_headers={"X-Client-Request-Id": f"plain/{step}"},
            )
            return answer.choices[0].message.content or ""

        async def run(topic: str) -> float:
            began = time.perf_counter()
            found = await asyncio.gather(*(ask(step, topic) for step in STEPS))
            await ask("report", "\n".join([topic, *found]))
            return time.perf_counter() - began

        print(json.dumps(await asyncio.gather(*(run(topic) for topic in topics))))


asyncio.run(main())
