from django.apps import AppConfig


class PractitionersConfig(AppConfig):
    name = "practitioners"
    verbose_name = "People"

    def ready(self) -> None:
        from delivery import moments
        from practitioners.credentials import register_credentials
        from practitioners.models import Practitioner

        register_credentials()
        moments.register(Practitioner.objects.next_to_come)
