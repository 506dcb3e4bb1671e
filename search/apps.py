from datetime import timedelta

from django.apps import AppConfig


class SearchConfig(AppConfig):
    name = "search"
    verbose_name = "Search"

    def ready(self) -> None:
        from django.utils import timezone

        from enquiries.jobs import Job, register
        from search import terms, upkeep, watching
        from search.pages import register_pages
        from visits import tally

        register_pages()
        watching.watch()
        tally.register_writer(terms.write)
        register(Job("take in what the search missed", timedelta(minutes=1), upkeep.refresh_stale))
        register(
            Job(
                "forget what was searched for once",
                timedelta(days=1),
                lambda now: terms.forget(timezone.localdate(now)),
            )
        )
