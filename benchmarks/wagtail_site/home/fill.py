"""Fills the Wagtail site with the clinic's own text, from the JSON file that is named."""

import json
import os
import sys
from datetime import date
from pathlib import Path

import django


def main(source: str) -> None:
    """Make the tree: home, a list of conditions and one of articles, their pages."""
    from django.core.files.images import ImageFile
    from wagtail.images.models import Image
    from wagtail.models import Page, Site

    from home.models import (
        ArticlePage,
        Author,
        Category,
        Clinic,
        ConditionPage,
        HomePage,
        IndexPage,
        Reference,
    )

    told = json.loads(Path(source).read_text())
    root = Page.objects.get(depth=1)
    Page.objects.filter(depth__gt=1).delete()
    root = Page.objects.get(pk=root.pk)
    home = root.add_child(instance=HomePage(title=told["clinic"]["name"], slug="home"))
    Site.objects.all().delete()
    site = Site.objects.create(hostname="127.0.0.1", root_page=home, is_default_site=True)
    Clinic.objects.create(site=site, **told["clinic"])
    authors = [Author.objects.create(**each) for each in told["people"]]
    with Path(told["image"]).open("rb") as file:
        image = Image.objects.create(title="Lead", file=ImageFile(file, name="lead.jpg"))
    common = {
        "author": authors[0],
        "reviewer": authors[-1],
        "reviewed_on": date(2026, 6, 1),
        "image": image,
    }
    lists = {
        name: home.add_child(instance=IndexPage(title=name.title(), slug=name, show_in_menus=True))
        for name in ("conditions", "articles")
    }
    for name in ("treatments", "practitioners", "contact", "about"):
        home.add_child(instance=IndexPage(title=name.title(), slug=name, show_in_menus=True))
    conditions = [
        lists["conditions"].add_child(instance=ConditionPage(**_text(each), **common))
        for each in told["conditions"]
    ]
    categories = {
        name: Category.objects.create(name=name)
        for name in sorted({each["category"] for each in told["articles"]})
    }
    for each in told["articles"]:
        page = ArticlePage(**_text(each), category=categories[each["category"]], **common)
        page.references = [
            Reference(sort_order=place, **reference)
            for place, reference in enumerate(each["references"])
        ]
        lists["articles"].add_child(instance=page)
        page.conditions.set([conditions[place] for place in each["conditions"]])
        page.save()


def _text(told: dict[str, str]) -> dict[str, str]:
    return {name: told[name] for name in ("title", "slug", "summary", "body")}


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "settings")
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
    django.setup()
    main(sys.argv[1])
