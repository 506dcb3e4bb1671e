from django.apps import AppConfig


class EvidenceConfig(AppConfig):
    name = "evidence"
    verbose_name = "Content"

    def ready(self) -> None:
        from evidence.citations import Citations, citation_mistakes
        from publishing.markdown import register

        register(Citations, citation_mistakes)
