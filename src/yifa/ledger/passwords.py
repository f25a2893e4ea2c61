"""What a password must be, said in Chinese (Django 5.2 lacks the translation of its own message)."""

from __future__ import annotations

from django.contrib.auth.password_validation import MinimumLengthValidator


class LongEnough(MinimumLengthValidator):
    """A password of at least eight characters."""

    def get_error_message(self) -> str:
        """Why the password was refused."""
        return f"密码太短：至少要 {self.min_length} 个字符。"

    def get_help_text(self) -> str:
        """What is asked for."""
        return f"密码至少 {self.min_length} 个字符。"
