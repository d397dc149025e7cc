"""Call our handler as its service does, for each of many new jobs, and for some of them again: who answered?

usage: canary.py JOBS AGAIN

The answer has the jobs in order, the side of each by the ledger, those of the first AGAIN jobs in a second turn, the
answers that are not as they should be, and how many jobs had in their rows what the calls of a turn wrote.
"""

import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import oracle
from answer import answer

from diracx_bridge.legacy_adapters.dirac.handlers.JobStateUpdateHandler import RoutedJobStateUpdate
from diracx_bridge.legacy_adapters.dirac.process import dispatcher

THREADS = 4
ROW = "(%s,'alice','dirac_user','dirac','2026-01-01','2026-01-01','Received','Job accepted','True')"


class Noted:
    """The ledger of this process; knows in each thread who answered the last call."""

    def __init__(self, ledger):
        self.ledger, self.last = ledger, threading.local()

    def observe(self, observation):
        self.last.side = str(observation.side)
        self.ledger.observe(observation)


def done(result):
    if not result["OK"]:
        raise RuntimeError(result["Message"])
    return result["Value"]


def new_jobs(count):
    """Ids of new jobs of alice, made with a few statements."""
    done(db._update("INSERT INTO JobJDLs (JDL,JobRequirements,OriginalJDL) VALUES " + ",".join(["('','','')"] * count)))
    rows = done(db._query("SELECT JobID FROM JobJDLs ORDER BY JobID DESC LIMIT %s", args=(count,)))
    jobs = sorted(job for (job,) in rows)
    columns = "JobID,Owner,OwnerGroup,VO,SubmissionTime,LastUpdateTime,Status,MinorStatus,VerifiedFlag"
    done(db._update(f"INSERT INTO Jobs ({columns}) VALUES " + ",".join([ROW] * count), args=tuple(jobs)))
    return jobs


def sides(jobs, site):
    """Who answered ``setJobSite`` of each job."""

    def side(job):
        handler = Handler()
        handler._credDict = credentials
        handler.initializeRequest()
        result = handler.export_setJobSite(job, site)
        if not result["OK"] or result["Value"] != 1:
            failed.append((job, result))
        return noted.last.side

    with ThreadPoolExecutor(THREADS) as threads:
        found = list(threads.map(side, jobs))
    ((number,),) = done(db._query("SELECT COUNT(*) FROM Jobs WHERE Site=%s", args=(site,)))
    written.append(number)
    return found


class Handler(RoutedJobStateUpdate, oracle.handler_class("JobStateUpdate")):
    """Our class on the databases that the oracle opened."""


db = Handler.jobDB
credentials = oracle.credentials("alice", "dirac_user")
noted = dispatcher.observer = Noted(dispatcher.observer)
failed, written = [], []
count, again = map(int, sys.argv[1:])
jobs = new_jobs(count)
first = sides(jobs, "LCG.Canary.ch")
second = sides(jobs[:again], "LCG.Again.ch")
answer({"jobs": jobs, "first": first, "second": second, "failed": failed, "written": written})
