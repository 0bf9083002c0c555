"""What each of the two hundred does, step by step, and how long they think between pages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from threading import Event

from benchmarks.load.visitor import Visitor
from benchmarks.load.world import PASSWORD, Part, World
from benchmarks.prospectus import a_search
from broker import clock
from broker.models.person import Role

THINKS = 5.0  # seconds, on average
AN_EMPTY_PAGE = "an empty page"
LEADS, LOOKS = (Role.DIRECTOR, Role.IMPROVEMENT_LEAD), (Role.COORDINATOR, Role.PROGRAMME_MANAGER)


@dataclass
class Actor:
    """A visitor with a part to play until the end is rung."""

    part: Part
    world: World
    visitor: Visitor
    rng: Random
    ended: Event

    def sign_in(self) -> bool:
        return self.visitor.sign_in(
            self.part.email, PASSWORD, has_two_steps=self.part.role.is_privileged
        )

    def play(self) -> None:
        steps = [step for step, roles, share in STEPS for _ in range(share) if self._may(roles)]
        self.think(share=self.rng.random())  # not all at once
        while not self.ended.is_set():
            self.rng.choice(steps)(self)
            self.think()

    def _may(self, roles: tuple[Role, ...]) -> bool:
        return not roles or self.part.role in roles

    def think(self, share: float | None = None) -> bool:
        """Wait as long as people do; whether there is time to go on."""
        seconds = self.rng.expovariate(1 / THINKS) if share is None else THINKS * share
        return not self.ended.wait(seconds)

    # -- steps -------------------------------------------------------------------------------------

    def home(self) -> None:
        self.visitor.get("their work", "/your-work")

    def nothing(self) -> None:
        self.visitor.get(AN_EMPTY_PAGE, "/accessibility")

    def offers(self) -> None:
        self.visitor.get("the prospectus", f"/offers?page={self.rng.randint(1, 20)}")
        if self.think():
            self.visitor.get("an offer", f"/offers/{self.rng.choice(self.world.offers)}")

    def authority(self) -> None:
        code = self.rng.choice(self.world.authorities)
        self.visitor.get("an authority", f"/authorities/{code}")

    def search(self) -> None:
        self.visitor.get("a search", a_search(self.rng))

    def partnerships(self) -> None:
        self.visitor.get("partnerships", "/partnerships")
        if self.part.partnerships and self.think():
            one = self.rng.choice(self.part.partnerships)
            self.visitor.get("a partnership", f"/partnerships/{one}")

    def needs(self) -> None:
        self.visitor.get("needs", "/needs")
        if self.part.needs and self.think():
            self.visitor.get("a need", f"/needs/{self.rng.choice(self.part.needs)}")

    def describe(self) -> None:
        if not self.visitor.get("a need's form", "/needs/new") or not self.think():
            return
        choose = self.visitor.options
        typed = {
            "title": f"Practice that lasts, {self.rng.randint(1, 10**6)}",
            "theme": self.rng.choice(choose("theme")),
            "days_wanted": "6",
            "first_quarter": choose("first_quarter")[1],
            "programme": self.rng.choice(choose("programme")),
        }
        self.visitor.send("describing a need", "/needs/new", typed)

    def agree(self) -> None:
        self.visitor.get("matches", "/matches")
        if self.part.agree and self.think():
            self._press("agree", self.part.agree.pop())

    def approve(self) -> None:
        self.visitor.get("approvals", "/matches/approvals")
        if self.part.approve and self.think():
            self._press("approve", self.part.approve.pop())

    def _press(self, verb: str, match_id: int) -> None:
        page = f"/matches/{match_id}"
        if self.visitor.get("a match", page) and self.think():
            self.visitor.send(f"{verb} a match", f"{page}/{verb}", {}, "a match")

    def log(self) -> None:
        if not self.part.partnerships:
            return
        page = f"/partnerships/{self.rng.choice(self.part.partnerships)}/log"
        if not self.visitor.get("a day's form", page) or not self.think():
            return
        today = clock.today()
        typed = {
            "activity": f"Sat beside the team, {self.rng.randint(1, 10**6)}",
            "delivery": "remote",
            "days": "0.25",
            "people_count": "3",
            **{f"given_on-{part}": str(getattr(today, part)) for part in ("day", "month", "year")},
        }
        onward = "days of a partnership"
        self.visitor.send_and_look_again("logging a day", page, typed, "is_another", onward)

    def days(self) -> None:
        self.visitor.get("all days", "/days")

    def dashboard(self) -> None:
        self.visitor.get("a dashboard", "/dashboard")


Step = Callable[[Actor], None]
STEPS: tuple[tuple[Step, tuple[Role, ...], int], ...] = (
    (Actor.home, (), 4),
    (Actor.nothing, (), 2),
    (Actor.offers, (), 4),
    (Actor.authority, (), 2),
    (Actor.search, (), 3),
    (Actor.partnerships, (), 2),
    (Actor.needs, (*LEADS, *LOOKS), 2),
    (Actor.describe, LEADS, 2),
    (Actor.agree, (Role.DIRECTOR,), 3),
    (Actor.approve, (Role.COORDINATOR,), 6),
    (Actor.log, (Role.PARTNERSHIP_LEAD,), 4),
    (Actor.days, (), 1),
    (Actor.dashboard, LOOKS, 4),
)
