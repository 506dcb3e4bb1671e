"""The WSGI application that the production server and `make run` both serve."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "clinic_site.settings")

framework = get_wsgi_application()

# The models are ready only now.
from delivery.wsgi import PageDelivery  # noqa: E402
from enquiries import last_known  # noqa: E402
from operations import counting  # noqa: E402
from publishing.projection import apply_due  # noqa: E402

application = PageDelivery(framework, before=[apply_due])
counting.watch(application.pages)
last_known.look_up()
