"""The door for a WSGI server."""

import os

from django.core.wsgi import get_wsgi_application

from kunshan_edu import embedded

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kunshan_edu.settings")
embedded.ensure()
application = get_wsgi_application()
