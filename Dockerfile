# The portal's one image; web, worker and beat differ in their command only (docker-compose.yml).
FROM python:3.11-slim-bookworm AS packages

RUN python -m venv /opt/venv
COPY requirements.txt /tmp/requirements.txt
RUN /opt/venv/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes -r /tmp/requirements.txt

FROM python:3.11-slim-bookworm

# What sets the type of certificates; the last one makes font subsetting ten times faster.
RUN apt-get update \
    && apt-get install -y --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin portal \
    && install --directory --owner portal --mode 0700 /data

COPY --from=packages /opt/venv /opt/venv
WORKDIR /srv/portal
COPY . .

ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    XDG_CACHE_HOME=/tmp \
    CME_DATA_DIR=/data \
    STATIC_ROOT=/srv/static \
    DJANGO_SETTINGS_MODULE=cme_portal.settings.production

# Collecting files needs no server and no secret, but settings: the addresses below are never opened.
RUN DJANGO_SETTINGS_MODULE=cme_portal.settings.development DJANGO_DEBUG=0 \
    DATABASE_URL=postgresql://nobody@127.0.0.1/none REDIS_URL=redis://127.0.0.1/0 \
    python manage.py collectstatic --noinput \
    && python -m compileall -q /srv/portal

USER portal
VOLUME /data
EXPOSE 8000
CMD ["gunicorn"]
