# syntax=docker/dockerfile:1
# Dateline in a container: `docker build -t dateline .`, then see docs/installing.md.
FROM python:3.13-slim AS build
WORKDIR /src
COPY requirements.txt requirements-build.txt ./
COPY requirements-full-text.txt requirements-meaning.txt requirements-pictures.txt requirements-postgres.txt ./
# such as `--build-arg EXTRAS="postgres full-text"`
ARG EXTRAS=""
RUN python -m venv /opt/dateline \
    && /opt/dateline/bin/pip install --no-cache-dir --require-hashes -r requirements.txt \
    && for extra in $EXTRAS; do \
        /opt/dateline/bin/pip install --no-cache-dir --require-hashes -r "requirements-$extra.txt" || exit 1; \
    done \
    && python -m venv /opt/build \
    && /opt/build/bin/pip install --no-cache-dir --require-hashes -r requirements-build.txt
COPY pyproject.toml README.md LICENSE config.example.toml hatch_build.py ./
COPY bot bot
COPY adapters adapters
COPY store store
RUN /opt/build/bin/python -m pip wheel --no-cache-dir --no-deps --no-build-isolation -w /wheels . \
    && /opt/dateline/bin/pip install --no-cache-dir --no-deps /wheels/*.whl \
    && /opt/dateline/bin/pip uninstall --yes pip

FROM python:3.13-slim
RUN useradd --system --uid 10001 --home-dir /data dateline \
    && install --directory --owner=dateline --mode=0700 /data
COPY --from=build /opt/dateline /opt/dateline
ENV PATH=/opt/dateline/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    DATELINE_CONFIG=/data/config.toml
USER dateline
WORKDIR /data
VOLUME /data
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:9464/healthz', timeout=4)"]
ENTRYPOINT ["dateline"]
CMD ["run"]
