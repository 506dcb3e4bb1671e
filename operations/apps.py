from django.apps import AppConfig


class OperationsConfig(AppConfig):
    name = "operations"
    verbose_name = "Running the site"

    def ready(self) -> None:
        from enquiries.jobs import Job, register
        from operations import checks, desk  # noqa: F401  (they register themselves)
        from operations.backups.daily import LOOK_EVERY, start_when_due

        register(Job("start the daily backup", LOOK_EVERY, start_when_due))
