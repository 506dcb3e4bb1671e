from django.apps import AppConfig


class FeedbackConfig(AppConfig):
    name = "feedback"
    verbose_name = "Notes on pages"

    def ready(self) -> None:
        from enquiries import keepers
        from feedback import desk  # noqa: F401  (registers what needs doing)
        from feedback.kept import KEEPER

        keepers.register(KEEPER)
