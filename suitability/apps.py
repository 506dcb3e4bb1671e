from django.apps import AppConfig


class SuitabilityConfig(AppConfig):
    name = "suitability"
    verbose_name = "Content"

    def ready(self) -> None:
        from suitability import desk, evidence_uses  # noqa: F401  (they register themselves)
