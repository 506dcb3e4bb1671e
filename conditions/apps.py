from django.apps import AppConfig
from django.db.models.signals import post_migrate


class ConditionsConfig(AppConfig):
    name = "conditions"
    verbose_name = "Content"

    def ready(self) -> None:
        from conditions.body_regions import keep_body_regions

        post_migrate.connect(keep_body_regions, sender=self)
