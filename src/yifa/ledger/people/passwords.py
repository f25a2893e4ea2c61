"""What a password must be, said in Chinese (Django 5.2 lacks the translation of its own message)."""

from __future__ import annotations

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.password_validation import MinimumLengthValidator
from django.core.exceptions import ValidationError


class LongEnough(MinimumLengthValidator):
    """A password of at least eight characters."""

    def get_error_message(self) -> str:
        """Why the password was refused."""
        return f"密码太短：至少要 {self.min_length} 个字符。"

    def get_help_text(self) -> str:
        """What is asked for."""
        return f"密码至少 {self.min_length} 个字符。"


class Mixed:
    """A password of letters and digits, not of one kind alone."""

    def validate(self, password: str, user: object | None = None) -> None:
        """Refuses a password of one kind of character, or of few different ones."""
        letters = any(one.isalpha() for one in password)
        others = any(not one.isalpha() for one in password)
        if not (letters and others) or len(set(password)) < 5:
            raise ValidationError(self.get_help_text(), code="password_too_plain")

    def get_help_text(self) -> str:
        """What is asked for."""
        return "密码要有字母，也要有数字或者符号，不能只是几个字符的重复。"


class NotTheName:
    """A password that does not contain the user's own sign-in name."""

    def validate(self, password: str, user: AbstractBaseUser | None = None) -> None:
        """Refuses it."""
        name = user.get_username() if user is not None else ""
        if len(name) >= 4 and name.lower() in password.lower():
            raise ValidationError(self.get_help_text(), code="password_is_name")

    def get_help_text(self) -> str:
        """What is asked for."""
        return "密码不能包含登录名。"
