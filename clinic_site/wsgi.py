"""The WSGI application that the production server and `make run` both serve."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "clinic_site.settings")

application = get_wsgi_application()

from enquiries import last_known  # noqa: E402  (the models are ready only now)

last_known.look_up()
