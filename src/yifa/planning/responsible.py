"""The posts and sections that may be named as responsible."""

from __future__ import annotations

from datetime import date

from yifa.ledger.models import Organization, Post
from yifa.ledger.people.pinyin import by_sound
from yifa.planning.models import Bearer, Plan


def known_posts(organization: Organization, on: date) -> list[str]:
    """The posts of a body and its units with their holders, e.g. 「县长 甲一」; leading posts first."""
    posts = (
        Post.objects.filter(organization__path__startswith=organization.path)
        .select_related("organization")
        .prefetch_related("holdings__person")
        .order_by("-principal", "organization__path", "id")
    )
    return list(dict.fromkeys(_label(post, on) for post in posts))


def known_offices(organization: Organization) -> list[str]:
    """The sections named before in plans of the body."""
    offices = Bearer.objects.filter(level=Bearer.Level.OFFICE, task__plan__organization=organization)
    return by_sound(offices.values_list("name", flat=True).distinct())


def post_named(organization: Organization, name: str) -> Post | None:
    """The one post whose title the name is or begins with; two of the same title leave it open."""
    posts = Post.objects.filter(organization__path__startswith=organization.path)
    found = [post for post in posts if name == post.title or name.startswith(f"{post.title} ")]
    return found[0] if len(found) == 1 else None


def first_bearers(plan: Plan) -> dict[str, list[str]]:
    """Who bears what, by level, in the plan's first task that says so: offered for the others."""
    first = Bearer.objects.filter(task__plan=plan).order_by("task__place", "id").first()
    found: dict[str, list[str]] = {}
    for bearer in Bearer.objects.filter(task=first.task_id) if first else ():
        found.setdefault(bearer.level, []).append(bearer.name)
    return found


def _label(post: Post, on: date) -> str:
    holders = post.holders_on(on)
    return f"{post.title} {holders[-1]}" if holders else post.title
