from django.apps import AppConfig


class EvidenceConfig(AppConfig):
    name = "evidence"
    verbose_name = "Content"

    def ready(self) -> None:
        from evidence import (  # noqa: F401  (they register themselves)
            glossary_uses,
            page_checks,
            page_rules,
        )
        from evidence.citations import Citations, mistakes_of_evidence
        from evidence.completions import register_all
        from evidence.glossary import Glossary, no_mistakes
        from evidence.history import register_with_history
        from publishing.markdown import register

        register(Citations, mistakes_of_evidence)
        register(Glossary, no_mistakes)
        register_all()
        register_with_history()
