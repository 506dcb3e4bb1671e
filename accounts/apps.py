from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = "Signing in"

    def ready(self) -> None:
        from django.contrib.auth.signals import user_logged_in, user_logged_out

        from accounts import keys, sign_in
        from accounts.views.second_step import ask_with_text
        from enquiries import key_rotation
        from publishing import kept_text

        user_logged_in.connect(sign_in.after_password, dispatch_uid="accounts")
        user_logged_out.connect(sign_in.after_leaving, dispatch_uid="accounts")
        key_rotation.register(keys.rotate)
        kept_text.register_further_step(ask_with_text)
