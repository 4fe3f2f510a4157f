# The site for a real server: web, worker, beat and migrate are commands of this one image (docker-compose.yml).
FROM node:24-slim AS assets
WORKDIR /assets
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund

FROM python:3.11-slim-bookworm
ENV PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1
WORKDIR /site
COPY requirements.txt constraints.txt ./
RUN pip install --no-cache-dir --disable-pip-version-check -r requirements.txt
COPY . .
COPY --from=assets /assets/node_modules node_modules
# The addresses are only there so that nothing embedded is asked for; collecting reaches no server.
RUN pybabel --quiet compile --directory locale --domain django \
 && DATABASE_URL=postgres://nobody@nowhere/none REDIS_URL=redis://nowhere SECRET_KEY=unused FIELD_KEYS=unused \
    python manage.py collectstatic --verbosity 0 --no-input \
 && useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin site \
 && install --directory --owner site --mode 700 var/files /state
USER site
EXPOSE 8000
CMD ["granian", "--interface", "wsgi", "--host", "0.0.0.0", "--port", "8000", "--workers", "2", "--blocking-threads", "4", "--http", "1", "--no-ws", "--respawn-failed-workers", "kunshan_edu.wsgi:application"]
