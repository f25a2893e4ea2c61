"""The one form builder: how fields look, and fields made from the catalogue's specifications."""

from yifa.workbench.forms.look import Renderer, StyledForm
from yifa.workbench.forms.specs import SpecForm, stored_values

__all__ = ["Renderer", "SpecForm", "StyledForm", "stored_values"]
