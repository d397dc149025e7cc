"""Input sandboxes: jobs use those that their descriptions name, from the moment of their submission."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from diracx_bridge.core.sandbox_pfn import split_pfn
from diracx_bridge.db.sql.sandbox_metadata.db import Owner
from diracx_bridge.db.sql.transaction import Transaction
from diracx_bridge.services.jobs.stores import SANDBOXES, JobStores


async def assign_input_sandboxes(
    tx: Transaction, stores: JobStores, owner: Owner, named: Mapping[int, Iterable[str]]
) -> dict[int, list[str]]:
    """Let jobs, which ``owner`` submits in this transaction, use the sandboxes that their JDLs name: ``named`` by job.

    Names that are no sandbox (``LFN:...``, plain files) are passed over. Returns, by job, the sandboxes that do not
    exist or are not the owner's: they are not assigned. Legacy's JobSanity executor assigns input sandboxes later,
    fails a job that names another's, and does not mind an assignment that is there. Without SandboxMetadataDB nothing
    is assigned. Costs three statements at most.
    """
    if SANDBOXES not in tx.databases:
        return {}
    wanted = {job: [(name, pfn) for name in names if (pfn := split_pfn(name))] for job, names in named.items()}
    found = await stores.sandboxes.lock_all(tx, (pfn for pairs in wanted.values() for _, pfn in pairs))
    mine = {pfn: sandbox for pfn, sandbox in found.items() if sandbox.owner == owner}
    uses = [(mine[pfn].id, job) for job, pairs in wanted.items() for _, pfn in pairs if pfn in mine]
    await stores.sandboxes.assign(tx, uses, "Input")
    refused = {job: [name for name, pfn in pairs if pfn not in mine] for job, pairs in wanted.items()}
    return {job: names for job, names in refused.items() if names}
