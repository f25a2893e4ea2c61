"""Figures that no catalogue rule counts: faults of procedure by kind, and what the principals did themselves."""

from __future__ import annotations

