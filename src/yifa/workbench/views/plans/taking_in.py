"""A paper that is looked at before it is taken in: chosen as a file or pasted, kept between preview and import."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile

from yifa.ledger.actions import StoreAttachment
from yifa.ledger.chain.attachments import path_of
from yifa.ledger.models import Attachment, Organization, User
from yifa.ledger.refusal import ActionRefused
from yifa.planning.importing import Source, read_source
from yifa.workbench.forms import StyledForm
from yifa.workbench.rights.access import has_role


class PaperForm(StyledForm):
    """A file, a pasted text, or the one kept from the preview."""

    file = forms.FileField(label="文件", required=False, help_text="可读 Excel、Word、网页、文本等。")
    text = forms.CharField(label="或粘贴文字", required=False, widget=forms.Textarea(attrs={"rows": 6}))
    kept = forms.CharField(required=False, widget=forms.HiddenInput())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].error_messages["empty"] = "这个文件是空的，请检查后重新选择。"

    def needs_paper(self) -> bool:
        """Whether a paper must be given."""
        return True

    def clean(self) -> dict[str, Any]:
        """One of the three."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        given = cleaned.get("file") or cleaned.get("text") or cleaned.get("kept")
        if not self.errors and not given and self.needs_paper():
            raise ValidationError("请选择一个文件，或粘贴文字。")
        return cleaned

    def ready(self, user: User) -> bool:
        """Whether it is filled in well; where it is not, a file that came with it need not be chosen again."""
        if self.is_valid():
            return True
        if isinstance(self.cleaned_data.get("file"), UploadedFile):
            with suppress(ActionRefused):  # said when it is read
                self.show_again(kept=self._stored(user).pk)
        return False

    def propose(self, **values: str) -> None:
        """What the paper says goes into the fields left empty."""
        self.show_again(**{name: value for name, value in values.items() if not self.cleaned_data.get(name)})

    def keep_text(self) -> None:
        """What was pasted stays to be mended, where something in it is wrong."""
        if self.cleaned_data.get("text"):
            self.show_again(text=self.cleaned_data["text"])

    def read(self, user: User) -> Source:
        """The paper, read; what is confirmed afterwards is what was looked at."""
        return read_source(*self.content(user))

    def content(self, user: User) -> tuple[bytes, str]:
        """The paper as it came, with its name."""
        stored = self._stored(user)
        self.show_again(kept=stored.pk, text="")
        return path_of(stored.pk).read_bytes(), stored.name

    def _stored(self, user: User) -> Attachment:
        file, text = self.cleaned_data.get("file"), self.cleaned_data.get("text")
        if isinstance(file, UploadedFile):
            return StoreAttachment(actor=user, content=file.file, name=file.name or "来文").execute()  # type: ignore[arg-type]
        if text:
            return StoreAttachment(actor=user, content=text.encode(), name="粘贴的文字.txt").execute()
        stored = Attachment.objects.filter(pk=self.cleaned_data["kept"]).first()
        if stored is None:
            raise ActionRefused("预览的文件不在了，请重新选择。", code="missing")
        return stored


def units_with(user: User, *roles: str) -> list[Organization]:
    """The organizations in which the user has one of the roles."""
    return [unit for unit in Organization.objects.for_user(user) if has_role(user, roles, unit)]
