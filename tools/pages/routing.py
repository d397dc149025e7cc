"""The page of the routing: stages, options, and what comes before what."""

from __future__ import annotations

from pages.markdown import page, table

from diracx_bridge.core.routing.effective import BRIDGE, DISABLED, VARIABLES
from diracx_bridge.core.routing.stages import ORDER, Stage
from diracx_bridge.core.spellings import FALSE, SWITCHES, TRUE
from diracx_bridge.legacy_adapters.administration.evidence import (
    CALLS,
    COMPARED,
    HOURS,
    MOST_FAILED,
    MOST_FALLEN_BACK,
    MOST_SKIPPED,
    SLOWEST,
)
from diracx_bridge.legacy_adapters.compare.comparator import LIMIT
from diracx_bridge.legacy_adapters.compare.effects import SLACK
from diracx_bridge.legacy_adapters.compare.noise import EVERY, NOISE, READS
from diracx_bridge.legacy_adapters.dispatch.breaker import FAILURES, PATIENCE, REST

MEANINGS = {
    Stage.LEGACY: ("legacy", "Nothing else happens."),
    Stage.COMPARE: ("legacy", f"What DiracX would have done is compared; it adds {LIMIT:g} s to a call at most."),
    Stage.CANARY: ("DiracX for a share of the jobs", "Legacy stands in where DiracX can't be used."),
    Stage.LIVE: ("DiracX", "Legacy stands in where DiracX can't be used."),
    Stage.RETIRED: ("DiracX", "Legacy is refused."),
}
REQUIRED = {
    Stage.LEGACY: "Nothing.",
    Stage.COMPARE: f"Calls over {HOURS[Stage.COMPARE]} hours; of each method that was called {COMPARED} that agree; "
    f"at most "
    f"{MOST_SKIPPED:.0%} that could not be compared; no mismatches.",
    Stage.CANARY: f"Calls over {HOURS[Stage.CANARY]} hours, {CALLS} by DiracX; at most {MOST_FALLEN_BACK:.0%} that "
    f"legacy "
    f"stood in for and {MOST_FAILED:.1%} failed; 19 of 20 answered within {SLOWEST:g} s or as fast as legacy; no "
    f"mismatches.",
    Stage.LIVE: f"Calls over {HOURS[Stage.LIVE] // 24} days, none of which needed legacy.",
}

METHODS = {EVERY: "every method of JobStateUpdate", READS: "every method of JobMonitoring"}


def routing_page() -> str:
    """Stages, options, precedence, limits."""
    return page(
        "Routing",
        "Which side, legacy or DiracX, carries out a legacy call, and where that is said. "
        "[Move a service](../how-to/move-a-service.md) shows how it is used.",
        "## Stages",
        table(("stage", "who answers", "what else"), ((f"`{stage}`", *MEANINGS[stage]) for stage in ORDER)),
        "What `diracx-bridge adapters plan` asks for before the next stage:",
        table(("after", "evidence in the ledger"), ((f"`{stage}`", text) for stage, text in REQUIRED.items())),
        "## Options",
        f"In the CS, below `{BRIDGE}/<System>/<Service>`:",
        table(
            ("option", "value", "default"),
            (
                ("`Stage`", ", ".join(f"`{stage}`" for stage in ORDER), "`legacy`"),
                ("`Percent`", "0 to 100, with decimals; needed for `canary`", ""),
                ("`Fallback`", "whether legacy stands in: yes or no", "yes"),
            ),
        ),
        "The same options stand in `Methods/<method>`, `VOs/<vo>` and `VOs/<vo>/Methods/<method>`. Each is taken "
        "from the "
        "most specific place that says it: a method of a VO, then the VO or the method, then the service. Where a VO "
        "and a "
        "method both say it, the more cautious word counts: the earlier stage, the lower percentage, the fallback.",
        "The share of a canary is chosen by a hash of the job id, the same everywhere; of several jobs in a call the "
        "smallest id decides, without a job the caller. With a higher percentage no job moves back.",
        "## What comes before what",
        table(
            ("what", "meaning"),
            (
                *((f"`{name}`", meaning) for name, meaning in VARIABLES.items()),
                (f"`{BRIDGE}`", "The options above."),
                (
                    f"`/DiracX/{SWITCHES[0]}/<System>/<Service>`, formerly `{SWITCHES[1]}`",
                    "DIRAC's own switch; yes means `live` for everybody.",
                ),
                (f"`{DISABLED}`", "VOs whose users have no tokens: they stay with legacy."),
            ),
        ),
        f"Yes is {_listed(TRUE)}, no is {_listed(FALSE)}, in any case. Other texts, unknown options, VOs and "
        f"methods, and "
        "options that contradict each other are refused, all of them named. A process goes on with the last good "
        "rules.",
        "## Doors",
        "The [client door](../how-to/client-door.md) follows the routing inside DIRAC's clients, the "
        "[server door](../how-to/server-door.md) inside DIRAC's services, over HTTPS and DISET.",
        "## When DiracX does not answer",
        f"After {FAILURES} calls in a row without an answer, of a service and VO, nobody waits for it any more; "
        f"calls that have "
        f"waited for {PATIENCE:g} s count. Every {REST:g} s one call tries again, and the first answer ends it. "
        f"Legacy stands in "
        "for calls that DiracX has surely not carried out, and for those that do no harm when they are carried out "
        "twice "
        "([adapter coverage](adapters.md)).",
        "## What is no mismatch",
        f"Equal are answers that differ in tuples and lists, or in numbers and texts as keys. Times that are the "
        f"moment of the call may differ by {SLACK:g} s and the time that the call took; times that the caller gave may "
        "not. Jobs that [DiracX hides from the caller](../explanation/vo-boundaries.md) may be missing, if the rest is "
        "equal. These [differences](differences.md) are known by their marks:",
        table(
            ("difference", "methods", "where"),
            (
                (
                    f"[{n.difference}](differences.md#{n.difference})",
                    METHODS.get(n.methods, ", ".join(n.methods)),
                    f"`{n.what}`",
                )
                for n in NOISE
            ),
        ),
    )


def _listed(words: frozenset[str]) -> str:
    return ", ".join(f"`{word}`" for word in sorted(words))
