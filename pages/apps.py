from datetime import timedelta

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class PagesConfig(AppConfig):
    name = "pages"
    verbose_name = "Content"

    def ready(self) -> None:
        from delivery import moments
        from enquiries.jobs import Job, register
        from pages import (  # noqa: F401  (they register themselves)
            evidence_uses,
            external_links,
            todo,
            wording_sources,
        )
        from pages.opening import next_change
        from pages.roles import keep_roles
        from pages.search_documents import register_documents
        from publishing.renditions import make_due

        moments.register(next_change)
        register_documents()
        register(Job("make pictures smaller", timedelta(seconds=5), make_due))
        post_migrate.connect(keep_roles, sender=self)
