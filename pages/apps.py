from django.apps import AppConfig
from django.db.models.signals import post_migrate


class PagesConfig(AppConfig):
    name = "pages"
    verbose_name = "Content"

    def ready(self) -> None:
        from pages import (  # noqa: F401  (they register themselves)
            evidence_uses,
            external_links,
            todo,
            wording_sources,
        )
        from pages.roles import keep_roles

        post_migrate.connect(keep_roles, sender=self)
