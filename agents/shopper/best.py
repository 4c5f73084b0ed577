"""The buyer of a benchmark: looks through the lists, opens and reads the best of them, and buys the best of all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from agents.shopper.aloud import Told, Value, page_named, price_of, remembering, thought, told
from agents.shopper.brain import BUY, Thought
from agents.shopper.journey import PER_PAGE, Journey, plain_value
from agents.shopper.lessons import Plan
from agents.shopper.lookout import further, surveys
from agents.shopper.profile import Profile
from agents.shopper.request import Request
from agents.shopper.survey import Survey
from agents.shopper.verdict import choices, judge
from agents.shopper.way import BACK, Way
from tools.shop_page import Page

LEADERS = 3
"""So many of the best are read before anything else is opened: what was bought, and its nearest rivals."""
LATER_OPEN, LATER_READS = 12, 10
"""How many products the second trial opens and reads, those of the first included."""
MORE = 3
"""So many more may be opened with each further trial: it sees lists that no earlier one saw."""
NEARNESS = {"thorough": 100, "quick": 2}
"""How many places in the ranking a step on the way is worth: who visits all goes to the nearest first."""


@dataclass(frozen=True)
class BestOf:
    """One decision: the request, what was found and what it is worth, and how far the walk may still go.

    From the second `trial` on the survey holds what the earlier ones saw, and the walk looks at what they left open.
    """

    profile: Profile
    request: Request
    survey: Survey
    plan: Plan
    taken: int
    trial: int = 1

    @property
    def journey(self) -> Journey:
        """What the walk has found so far."""
        return self.survey.journey

    def at(self, page: Page) -> Thought:
        """The next thought and action on a page: see the lists, open and read what is promising, buy the best."""
        return self._read_here(page) or self._more_lists(page) or self._excursion(page) or self._settle(page)

    def _read_here(self, page: Page) -> Thought | None:
        """On a product's pages: its next text, if it is to be read and there is time for it."""
        here = self.journey.at
        if page.kind not in BACK or here not in self._now_to_read(page) or not self._affords(page, here, read=True):
            return None
        name = self._wanted_texts(here)[0]
        if page.kind == "detail":
            return thought("keep in mind", "click[< prev]", verdict=self._said(), page=page_named(name))
        return thought("among the best", f"click[{name}]", page=page_named(name))

    def _excursion(self, page: Page) -> Thought | None:
        """To what is to be read or opened next, if there is time to go there and to buy the best after that."""
        if unread := self._affordable(page, self._now_to_read(page), read=True):
            return self._go_to(unread, page, "read more")
        if unopened := self._affordable(page, self._unopened()):
            return self._go_to(unopened, page, "promising")
        return None

    def _settle(self, page: Page) -> Thought:
        """Go to the best of all and buy it."""
        best = self._best()
        if not best:
            return thought("everywhere", f"stop[{self.conclusion()}]")
        if page.kind == "item" and self.journey.at == best:
            return self._buy(best)
        return self._go_to(best, page, "best")

    def _now_to_read(self, page: Page) -> list[str]:
        """What is to be read before more is opened, else when all is opened."""
        if self._next_list(page):
            return []
        if self.profile.at_once and self.trial == 1:
            return [self.journey.at] if self.journey.at in self._unread(self._reads) else []
        return self._unread_leaders() or ([] if self._unopened() else self._unread(self._reads))

    def conclusion(self) -> str:
        """Why nothing was bought, in one sentence."""
        return "nothing was found that may be bought"

    def _buy(self, product: str) -> Thought:
        offered = self.journey.offer(product)
        for group, value in choices(self.request, offered).items():
            if self.journey.chosen.get(group) != value:
                return thought("option", f"click[{plain_value(value)}]", group=group, value=value)
        price = price_of(offered, self.request.currency)
        return thought("buy the best", BUY, title=offered.title, price=price, verdict=judge(self.request, offered))

    def _said(self) -> Value:
        """What the verdict says of the product that is open."""
        known = self.journey.at in self.journey.offers
        return judge(self.request, self.journey.offer(self.journey.at)) if known else told("unknown")

    # --- the lists ---------------------------------------------------------------------------------------------

    def _lists(self) -> Mapping[str, int]:
        """The searches to make, and how many pages of each list to see.

        After the second trial every other one sees a page more of the lists, and the ones between search with other
        words: what is meant stands deeper more often than it goes by other words.
        """
        planned, pages = surveys(self.request), self.profile.pages
        if self.trial > 1:
            others = further(self.request)[: 2 * (self.trial // 2 - 1)]
            return dict.fromkeys((*planned, *others), pages) | dict.fromkeys(planned, pages + (self.trial - 1) // 2)
        return dict.fromkeys(self._first_queries(planned), pages)

    def _first_queries(self, planned: Sequence[str]) -> Sequence[str]:
        """What a first trial searches for: other words if nothing was found, or if a memory knows what failed."""
        if not self.plan.deeper or self.profile.pace == "thorough":
            found = self.journey.listed or not all(self._is_seen(query, self.profile.pages) for query in planned)
            return planned if found else (*planned, *further(self.request))
        others = further(self.request)
        if not planned:
            return others
        new = others[(self.plan.deeper - 1) % len(others)] if others else planned[-1]
        return tuple(dict.fromkeys((planned[0], new)))

    def _is_seen(self, query: str, pages: int) -> bool:
        number, total = self.journey.seen.get(query, (0, 0))
        return number > 0 and (number >= pages or number * PER_PAGE >= total)

    def _next_list(self, page: Page) -> str:
        """The search whose list is to be seen further, if there is time for that; else empty."""
        unseen = (query for query, pages in self._lists().items() if not self._is_seen(query, pages))
        return next((query for query in unseen if self._affords_list(page, query)), "")

    def _more_lists(self, page: Page) -> Thought | None:
        query = self._next_list(page)
        if query and self._is_on(page, query):
            return thought("next", "click[next >]")
        return thought("search", f"search[{query}]", query=query, why=self._why(query)) if query else None

    def _is_on(self, page: Page, query: str) -> bool:
        """Whether a page that was seen of the list of a search is open."""
        last = self.journey.queries[-1] if self.journey.queries else ""
        return page.kind == "results" and last == query and page.number <= self.journey.seen[query][0]

    def _affords_list(self, page: Page, query: str) -> bool:
        """Whether a later trial has the steps to see the next page of a list, and to buy the best after that."""
        best = self._best() if self.trial > 1 else ""
        if not best:
            return True
        seen, _ = self.journey.seen.get(query, (0, 0))
        needed = seen + 1 - (page.number if self._is_on(page, query) else 0)
        return needed + Way(self.journey).steps(best) + self._clicks(best) < self.profile.steps - self.taken

    def _why(self, query: str) -> Told:
        if query in self.journey.seen:
            return told("again")
        if self.journey.queries or self.trial > 1:
            return told("other words")
        return remembering(self.plan.lesson) if self.plan.lesson else told("asked")

    # --- what to open, read and buy ----------------------------------------------------------------------------

    @property
    def _to_read(self) -> tuple[str, ...]:
        """The pages to read of the best; a trial that follows another reads, whatever the profile says.

        Features tell products apart as well as features and description do, in two thirds of the steps.
        """
        return self.profile.read or (("features",) if self.trial > 1 or self.plan.read else ())

    @property
    def _reads(self) -> int:
        """How many of the best are read."""
        return self.profile.reads or (LATER_READS if self.trial > 1 else LEADERS)

    def _opened(self) -> list[str]:
        """What was opened and may be bought."""
        return [product for product in self.journey.offers if self._may(product)]

    def _may(self, product: str) -> bool:
        journey = self.journey
        return product in journey.listed and product not in self.plan.avoid and product not in journey.refused

    def _unopened(self) -> list[str]:
        listed = [product for product in self.survey.by_list() if self._may(product)]
        most = self.profile.open if self.trial == 1 else max(self.profile.open, LATER_OPEN + MORE * (self.trial - 2))
        most = max(most // 2, 1) if self.plan.hurry else most
        return [product for product in listed[:most] if product not in self.journey.offers]

    def _worth_reading(self, count: int) -> list[str]:
        if not self._to_read:
            return []
        return sorted(self._opened(), key=lambda product: -self.survey.opened(product))[:count]

    def _unread(self, count: int) -> list[str]:
        """What is still to be read of so many of the best."""
        return [product for product in self._worth_reading(count) if self._wanted_texts(product)]

    def _wanted_texts(self, product: str) -> list[str]:
        """The pages of a product that are still to be read: of the best all, if they may yet confirm what is open."""
        read = self.journey.read[product]
        wanted = [name for name in self._to_read if name not in read]
        if not wanted and self.trial > 1 and product == self._best():
            offer = self.journey.offer(product)
            verdict = judge(self.request, offer)
            return [] if verdict.accepted or verdict.settled else [*offer.unread]
        return wanted

    def _unread_leaders(self) -> list[str]:
        """Of later trials: what was bought, and its nearest rivals, as long as they are not read."""
        if self.trial == 1:
            return []
        best = self._best()
        return self._unread(LEADERS) or [best] * (best in self.journey.offers and bool(self._wanted_texts(best)))

    def _best(self) -> str:
        opened = self._opened()
        if self.trial == 1 and not self.profile.at_once and self._unread(self._reads):
            best = max(opened, key=self.survey.opened, default="")
        else:
            best = self.survey.best_known(opened)
        return best or next((product for product in self.survey.by_list() if self._may(product)), "")

    # --- the way -----------------------------------------------------------------------------------------------

    def _affordable(self, page: Page, products: Sequence[str], *, read: bool = False) -> str:
        """The nearest of the products, best first, to which there is time to go; empty if there is none."""
        way, rate = Way.from_page(self.journey, page), NEARNESS[self.profile.pace]
        for _, product in sorted((place + rate * way.steps(one), one) for place, one in enumerate(products)):
            if self._affords(page, product, read=read):
                return product
        return ""

    def _affords(self, page: Page, product: str, *, read: bool = False) -> bool:
        """Whether the steps left suffice to open a product, to read a text of it, and to buy the best after that."""
        way = Way.from_page(self.journey, page)
        best = self._best() or product
        beyond = way.beyond(product, read=read)
        needed = way.steps(product) + read + (beyond.steps(best) if best != product or read else 0) + self._clicks(best)
        return needed < self.profile.steps - self.taken

    def _clicks(self, product: str) -> int:
        """Options that are to be chosen before a product is bought."""
        opened = product in self.journey.offers
        return len(choices(self.request, self.journey.offers[product]) if opened else self.request.options)

    def _go_to(self, product: str, page: Page, why: str) -> Thought:
        """Open a product, or take a step towards the list where it stands."""
        action, title = Way.from_page(self.journey, page).next(product), self.journey.listed[product].title
        if page.kind in BACK and product != self.journey.at:
            return thought("go on", action, verdict=self._said(), title=title, why=told(why))
        return thought("go", action, title=title, why=told(why))
