"""Prints the site's articles and conditions as JSON, for another system to show. In .venv."""

import json
import os
from pathlib import Path
from typing import Any


def export() -> dict[str, Any]:
    """Return the text as readers see it: HTML, with names and sources."""
    from articles.models import Article
    from clinic.models import Clinic
    from conditions.models import Condition
    from evidence.models import Source
    from practitioners.models import Practitioner

    clinic = Clinic.objects.get()
    conditions = list(Condition.objects.published())
    place = {each.pk: number for number, each in enumerate(conditions)}
    sources = [
        {"text": f"{each.body}. {each.title}"[:500], "link": each.url or "https://example.org/"}
        for each in Source.objects.order_by("key")[:8]
    ]
    articles = Article.objects.published().select_related("category")
    return {
        "clinic": {
            "name": clinic.name,
            "telephone": clinic.telephone,
            "email": clinic.email,
            "address": clinic.address,
            "hours": "Monday to Friday 9 am to 5 pm",
        },
        "people": [
            {"name": each.name, "title": each.professional_title}
            for each in Practitioner.objects.listed()
        ],
        "conditions": [_text(each) for each in conditions],
        "articles": [
            {
                **_text(each),
                "category": each.category.name,
                "references": sources,
                "conditions": [place[one.pk] for one in each.conditions.all() if one.pk in place],
            }
            for each in articles
        ],
        "image": str(Path("demo/images/clinic-room.png").resolve()),
    }


def _text(page: Any) -> dict[str, str]:
    from publishing.markdown import render_document

    texts = {each.field: getattr(page, each.field) for each in page.SECTIONS}
    parts = render_document(texts, heading_level=2).parts
    headings = {each.field: each.heading for each in page.SECTIONS}
    told = (
        (f"<h2>{headings[name]}</h2>" if headings[name] else "") + html
        for name, html in parts.items()
    )
    return {
        "title": str(page),
        "slug": page.slug,
        "summary": page.summary,
        "body": "".join(told),
    }


if __name__ == "__main__":
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "clinic_site.settings")
    django.setup()
    print(json.dumps(export()))
