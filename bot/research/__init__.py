"""The pattern: fan out to workers, fan in to one report; no Slack, no OpenAI, no SQL, no engine."""
