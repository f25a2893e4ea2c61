"""Every change of this room, one class each."""

from yifa.supervision.actions.draws import CloseDraw, DrawAgain, MakeDraw, PublishDraw

__all__ = ["CloseDraw", "DrawAgain", "MakeDraw", "PublishDraw"]
