from django.apps import AppConfig


class PractitionersConfig(AppConfig):
    name = "practitioners"
    verbose_name = "People"

    def ready(self) -> None:
        from practitioners.credentials import register_credentials

        register_credentials()
