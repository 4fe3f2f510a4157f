"""The door for an ASGI server; the pages are synchronous, so WSGI with threads serves them better."""

import os

from django.core.asgi import get_asgi_application

from kunshan_edu import embedded

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kunshan_edu.settings")
embedded.ensure()
application = get_asgi_application()
