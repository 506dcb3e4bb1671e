from django.apps import AppConfig


class PublishingConfig(AppConfig):
    name = "publishing"
    verbose_name = "Content"

    def ready(self) -> None:
        from publishing import counts, illustrations
        from publishing.markdown import register
        from publishing.page_checks.registration import register_all
        from publishing.pictures import Pictures, picture_mistakes

        register(Pictures, picture_mistakes)
        register(counts.Counts, counts.count_mistakes)
        illustrations.register_completions()
        counts.register_completions()
        register_all()
