"""The state of a search that is under way: what was planned, asked for and found so far."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.search.budget import Breadth, Budget
from bot.search.expansion import ExpansionStep
from bot.search.plan import Plan
from bot.search.ports import Candidate
from bot.search.query import Filter, Query
from bot.search.ranking import Fit, RankedStory
from bot.search.vocabulary import Vocabulary

EVERYTHING = Filter()
"""No filter: all stories."""


@dataclass(slots=True)
class SearchState:
    """A search that is under way: what was found so far, and by which plan.

    Attributes:
        query: What was asked for.
        within: The stories to search.
        plan: What was searched for last.
        budget: What may still be done.
        breadth: How far it goes.
        pool: What was found.
        plans: The plans that were made, by their step and query.
        found: What the store gave for a plan's query, so that nothing is asked for twice.
        ranked: Likewise, ranked.
        holding: All stories that hold all the words, in any form; None where that is not known.
    """

    query: Query
    within: Filter
    plan: Plan
    budget: Budget
    breadth: Breadth
    pool: list[RankedStory] = field(default_factory=list)
    # Lists, since to hash a query takes longer than to compare it with a few others.
    plans: list[tuple[ExpansionStep, Query, Plan]] = field(default_factory=list)
    found: list[tuple[Query, Sequence[Candidate]]] = field(default_factory=list)
    ranked: list[tuple[Plan, Fit, list[RankedStory]]] = field(default_factory=list)
    holding: Sequence[Candidate] | None = None

    @property
    def is_wide(self) -> bool:
        """True when all stories are searched, each as a whole."""
        return self.within == EVERYTHING and not (self.query.in_title or self.query.without)

    def plan_for(self, step: ExpansionStep, asked: Query, vocabulary: Vocabulary) -> Plan:
        """Returns the plan of a step."""
        for taken, of, plan in self.plans:
            if taken is step and of == asked:
                return plan
        self.plans.append((step, asked, step(asked, vocabulary)))
        return self.plans[-1][2]

    def found_by(self, plan: Plan) -> Sequence[Candidate] | None:
        """Returns what the store gave for a plan's query; None where it was not asked."""
        return next((found for query, found in self.found if query == plan.query), None)

    def ranked_by(self, plan: Plan, best: Fit) -> list[RankedStory] | None:
        """Returns what was found by a plan, ranked; None where it was not."""
        known = (found for one, fit, found in self.ranked if one is plan and fit is best)
        return next(known, None)

    @property
    def best(self) -> RankedStory | None:
        """The best story that was found; None for none."""
        return self.pool[0] if self.pool else None
