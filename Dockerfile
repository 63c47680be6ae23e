# seedwire in a container: pages come in at /seeds (may be read-only), what it remembers lies in /state.
#
#   docker build -t seedwire .
#   docker run -p 127.0.0.1:8470:8470 -v "$PWD/examples/pages:/seeds:ro" -v seedwire-state:/state seedwire
#   docker exec CONTAINER seedwire status

FROM python:3.11-slim AS build
WORKDIR /build
COPY requirements-build.lock requirements.lock ./
RUN python -m pip install --no-cache-dir --no-deps --require-hashes -r requirements-build.lock \
 && python -m pip wheel --no-cache-dir --no-deps --no-build-isolation --require-hashes -r requirements.lock --wheel-dir wheels
COPY pyproject.toml README.md CHANGELOG.md ./
COPY templates templates
COPY worker worker
RUN python -m pip wheel --no-cache-dir --no-deps --no-build-isolation --wheel-dir wheels . \
 && python -m venv /opt/seedwire \
 && /opt/seedwire/bin/python -m pip install --no-cache-dir --no-index --no-deps wheels/*.whl

FROM python:3.11-slim
COPY --from=build /opt/seedwire /opt/seedwire
# The folders belong to the user before they become volumes: a new named volume takes that over.
RUN groupadd --gid 10001 seedwire \
 && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /state --shell /usr/sbin/nologin seedwire \
 && install -d -o seedwire -g seedwire /seeds /state
ENV PATH=/opt/seedwire/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    SEEDWIRE_SEEDS_DIRECTORY=/seeds \
    SEEDWIRE_SERVER_LISTEN=0.0.0.0:8470 \
    SEEDWIRE_FEED_BASE_URL=http://127.0.0.1:8470
USER 10001:10001
# From here the state directory, `state` unless told otherwise, is /state for every command, also by `docker exec`.
WORKDIR /
VOLUME ["/seeds", "/state"]
EXPOSE 8470
# Without the proxy that a container may be told to use.
HEALTHCHECK --interval=30s --timeout=5s --start-period=15s CMD ["python", "-c", \
    "from urllib.request import ProxyHandler, build_opener; build_opener(ProxyHandler({})).open('http://127.0.0.1:8470/healthz', timeout=4)"]
ENTRYPOINT ["seedwire"]
CMD ["run"]
