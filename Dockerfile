# The bot as an image. All that it is told comes from its environment; no secret and no SQLite file is in here.
FROM python:3.13-slim-bookworm AS packages
COPY requirements/runtime.txt /runtime.txt
RUN pip install --prefix=/packages --no-cache-dir --require-hashes --only-binary=:all: -r /runtime.txt

FROM python:3.13-slim-bookworm
RUN useradd --uid 10001 --home-dir /data bot && install -d -o bot -g bot -m 700 /data
COPY --from=packages /packages /usr/local
WORKDIR /app
COPY bot bot
RUN python -m compileall -q bot
# Without a DATABASE_URL the runs are kept in /data: mount a volume there.
ENV PYTHONUNBUFFERED=1 DATABASE_URL=sqlite:////data/research.sqlite
USER 10001
HEALTHCHECK --start-period=60s --interval=10s --timeout=5s CMD ["python", "-c", "import http.client, os; page = http.client.HTTPConnection('127.0.0.1', int(os.environ.get('PORT') or 3000), timeout=4); page.request('GET', '/healthz'); raise SystemExit(page.getresponse().status != 200)"]
CMD ["python", "-m", "bot"]
