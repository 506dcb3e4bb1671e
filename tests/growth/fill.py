"""Adds to the demo clinic what the tests of several machines need, and prints what it is.

`python -m tests.growth.fill`, with the variables of a machine.
"""

import json
import sys

import django

django.setup()

from enquiries import outbox  # noqa: E402  (the models need the set-up)
from enquiries.models import OutgoingMail, SpamPolicy  # noqa: E402
from practitioners.models import Practitioner  # noqa: E402
from publishing import workflow  # noqa: E402
from tests.factories import make_enquiry, make_information_page, make_user  # noqa: E402

PASSWORD = "a password of the tests"
MAILS = 20
MANY_FROM_ONE_NETWORK = 6


def main() -> None:
    """Make a page, somebody who may publish it, and enquiries whose mail waits."""
    # So high that of all the reasons only a flood, six times what is many, suffices.
    SpamPolicy.objects.create(
        pk=1, threshold=20, per_network_per_hour=MANY_FROM_ONE_NETWORK // 6, repeats_per_day=100
    )
    manager = make_user("Manager", username="manager")
    manager.set_password(PASSWORD)
    manager.save()
    page = make_information_page(
        slug="parking",
        title="Parking",
        body="Park at the front.",
        author=Practitioner.objects.first(),
    )
    workflow.adopt(page)
    for _ in range(MAILS // 2):
        enquiry = make_enquiry()
        for kind in (OutgoingMail.Kind.NOTIFICATION, OutgoingMail.Kind.ACKNOWLEDGEMENT):
            outbox.add(enquiry, kind)
    mails = list(OutgoingMail.objects.waiting().values_list("message_id", flat=True))
    json.dump({"page": page.pk, "mails": mails}, sys.stdout)


if __name__ == "__main__":
    main()
