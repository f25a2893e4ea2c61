"""Invented words, names and values, from a seeded source of chance."""

from __future__ import annotations

import random
import re
from collections.abc import Mapping
from typing import Any

from yifa.demo.shapes import Weights, county, words

PLACEHOLDER = re.compile(r"\{(\w+)\}")


class Inventor:
    """Makes texts and values; the same seed gives the same."""

    def __init__(self, chance: random.Random, years: Mapping[str, str]) -> None:
        self.chance = chance
        self.years = years

    def person(self) -> str:
        """An obviously invented name."""
        names = county()
        return self.chance.choice(names.surnames) + self.chance.choice(names.given)

    def persons(self, count: int) -> list[str]:
        """Different invented names."""
        found: dict[str, None] = {}
        while len(found) < count:
            found[self.person()] = None
        return list(found)

    def weighted(self, weights: Weights) -> str:
        """One of the keys, each as often as its weight."""
        return self.chance.choices(list(weights), list(weights.values()))[0]

    def text(self, template: str, given: Mapping[str, Any] | None = None) -> str:
        """The template with {words} filled in, again and again until none is left."""
        given = given or {}

        def fill(match: re.Match[str]) -> str:
            name = match.group(1)
            if name in given:
                return str(given[name])
            if name in self.years:
                return self.years[name]
            return self.person() if name == "person" else self.chance.choice(words()[name])

        while PLACEHOLDER.search(template):
            template = PLACEHOLDER.sub(fill, template)
        return template

    def value(self, spec: Any, given: Mapping[str, Any] | None = None) -> Any:
        """A value: a text, one of a list, a number of a range, names, different texts, or what another fact decides."""
        if isinstance(spec, str):
            return self.text(spec, given)
        if isinstance(spec, list):
            return self.value(self.chance.choice(spec), given)
        if not isinstance(spec, dict):
            return spec
        if "range" in spec:
            low, high = spec["range"]
            return self.chance.randrange(low, high + 1, spec.get("step", 1))
        if "persons" in spec:
            return self.persons(spec["persons"])
        if "different" in spec:
            found: dict[str, None] = {}
            while len(found) < spec["different"]:
                found[self.text(spec["text"], given)] = None
            return list(found)
        if "all" in spec:
            return [self.value(each, given) for each in spec["all"]]
        if "value" in spec:
            known = (given or {}).get(spec["value"])
            return known[spec["at"]] if known and "at" in spec else known
        return self.value(spec["is"].get((given or {})[spec["of"]]), given)

    def facts(self, specs: Mapping[str, Any], known: Mapping[str, Any]) -> dict[str, Any]:
        """All facts of a case; one may name another as {fact}, which is then made first, or what is known anyway."""
        made: dict[str, Any] = {}

        def make(name: str) -> None:
            if name in made:
                return
            spec = specs[name]
            needed = [spec["of"]] if isinstance(spec, dict) and "of" in spec else []
            needed += PLACEHOLDER.findall(spec) if isinstance(spec, str) else []
            for other in needed:
                if other in specs and other != name:
                    make(other)
            made[name] = self.value(spec, {**known, **made})

        for name in specs:
            make(name)
        return made
