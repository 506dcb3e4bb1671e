from django.apps import AppConfig
from django.db.backends.signals import connection_created


class DeliveryConfig(AppConfig):
    name = "delivery"
    verbose_name = "Page delivery"

    def ready(self) -> None:
        from delivery import changes, readings
        from visits.tally import register_writer

        register_writer(readings.hand_over)
        connection_created.connect(changes.watch, dispatch_uid="delivery")
