from django.db import migrations

# What pictures were offered in before: of each shape the widths, and the ratio if it is a crop.
FORMER = {
    "full": ((480, 960, 1440), None),
    "card": ((320, 640), 3 / 2),
    "portrait": ((160, 320), 1.0),
}


def point_to_former_files(apps, schema_editor):
    """Have every picture point to the files it has, until it has its new ones."""
    image_model = apps.get_model("publishing", "Image")
    for image in image_model.objects.iterator():
        image.renditions = [
            [crop, width, height, f"{file}-{width}.{extension}"]
            for crop, (widths, ratio) in FORMER.items()
            for file, width, height in _former(image, crop, widths, ratio)
            for extension in ("avif", "webp", "jpg")
        ]
        image.save(update_fields=["renditions"])


def _former(image, crop, widths, ratio):
    available = int(min(image.width, image.height * ratio)) if ratio else image.width
    file = f"{crop}-{image.focal_x}-{image.focal_y}" if ratio else crop
    for width in [each for each in widths if each <= available] or [max(available, 1)]:
        yield file, width, max(1, round(width / (ratio or image.width / image.height)))


class Migration(migrations.Migration):

    dependencies = [
        ('publishing', '0003_renditions'),
    ]

    locks_briefly = "A site has some thousand pictures at most."

    operations = [
        migrations.RunPython(point_to_former_files, migrations.RunPython.noop),
    ]
