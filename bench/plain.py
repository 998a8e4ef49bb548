"""The plain script to compare with: asyncio.gather and the SDK, four calls a run, nothing else.

Takes how its workers go, "at-once" or "in-turn", the endpoint and topics as arguments; prints as JSON the seconds of
each run, and those until its first angle.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time

from openai import AsyncOpenAI

from bench.latency import STEPS


async def main() -> None:
    way, url, *topics = sys.argv[1:]
    async with AsyncOpenAI(api_key="none", base_url=url, max_retries=0) as client:

        async def ask(step: str, prompt: str) -> str:
            answer = await client.chat.completions.create(
                model="local",
                messages=[{"role": "system", "content": "Write."}, {"role": "user", "content": prompt}],
                extra_headers={"X-Client-Request-Id": f"plain/{step}"},
            )
            return answer.choices[0].message.content or ""

        async def run(topic: str) -> tuple[float, float]:
            began, first = time.perf_counter(), list[float]()

            async def work(step: str) -> str:
                found = await ask(step, topic)
                first.append(time.perf_counter() - began)
                return found

            if way == "in-turn":
                found = [await work(step) for step in STEPS]
            else:
                found = await asyncio.gather(*(work(step) for step in STEPS))
            await ask("report", "\n".join([topic, *found]))
            return time.perf_counter() - began, first[0]

        print(json.dumps(await asyncio.gather(*(run(topic) for topic in topics))))


asyncio.run(main())
