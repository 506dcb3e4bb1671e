"""The parts of the body, from head to toe. The body map's drawing has a shape for each."""

from typing import Any

from django.apps import apps as project_apps
from django.apps.registry import Apps

BODY_REGIONS = (
    ("head", "Head"),
    ("jaw", "Jaw"),
    ("neck", "Neck"),
    ("shoulder", "Shoulder"),
    ("upper-back", "Upper back"),
    ("lower-back", "Lower back"),
    ("elbow", "Elbow"),
    ("hand-wrist", "Hand and wrist"),
    ("hip", "Hip"),
    ("knee", "Knee"),
    ("leg", "Leg"),
    ("foot-ankle", "Foot and ankle"),
    ("whole-body", "Whole body"),
)


def keep_body_regions(*, using: str, apps: Apps = project_apps, **kwargs: Any) -> None:
    """Write the rows that come with the software; called after every `migrate`."""
    region_model = apps.get_model("conditions", "BodyRegion")
    for order, (slug, name) in enumerate(BODY_REGIONS, start=1):
        region_model.objects.using(using).update_or_create(
            slug=slug, defaults={"name": name, "order": order}
        )
