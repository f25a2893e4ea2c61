"""What it takes to do something or to open a page: declared once, beside it; enforced and printed from there."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from yifa.ledger.models import ADMINISTRATION, Role

BUSINESS: tuple[str, ...] = tuple(role.value for role in Role if role not in ADMINISTRATION)


class Reach(StrEnum):
    """Where one has to have the role, or what else one needs."""

    PUBLIC = "不用登录"
    SELF = "登录即可，内容限于本人和本人看得到的"
    SEES = "在该单位或其上级有任一业务角色"
    SHARED = "在该单位、其上级，或参与这项工作的下级有任一业务角色"
    HERE = "在该单位或其上级有所列角色"
    ANYWHERE = "在任一单位有所列角色"
    SYSTEM = "只由系统自动进行或在服务器上办理"


@dataclass(frozen=True, slots=True)
class Needs:
    """What it takes.

    Attributes:
        what: The deed in Chinese, e.g. 「新增单位」.
        roles: One of them is enough; which of them counts for a given case may depend on it (see `also`).
        also: A condition beyond the role, in words.
        reach: Where the role has to be held.
    """

    what: str
    roles: tuple[str, ...] = ()
    also: str = ""
    reach: Reach = Reach.HERE

    def admits(self, role: str) -> bool:
        """Whether a role is enough, where it is held at the right place."""
        if self.reach in {Reach.PUBLIC, Reach.SELF}:
            return True
        if self.reach in {Reach.SEES, Reach.SHARED}:
            return role in BUSINESS
        return role in self.roles


def labels(roles: Iterable[str]) -> str:
    """Roles as people call them, in the order in which the system lists them."""
    named = [role for role in Role if role.value in set(roles)]
    return "、".join(str(role.label) for role in named)
