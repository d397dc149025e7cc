"""`POST /api/jobs/jdl`: jobs of a usual description, one by one, in bulk, and parametric."""

from __future__ import annotations

from tests.load import raw
from tests.load.scenarios import Case, always
from tests.load.target import Target

JDL = """
  Executable = "run.sh";
  Arguments = "--events 1000 --seed %j";
  JobName = "bench";
  JobGroup = "benchgroup";
  StdOutput = "std.out";
  StdError = "std.err";
  InputSandbox = {"run.sh","conf.yaml"};
  OutputSandbox = {"std.out","std.err"};
  CPUTime = 86400;
  Priority = 1;
"""
BULK = ((1, 400), (20, 100), (100, 30))
PARAMETRIC = ((20, 60), (1000, 5))
"""(jobs of a request, most requests); the official server refuses more than 20 jobs"""


def cases(target: Target) -> list[Case]:
    """1, 20 and 100 equal descriptions, and parametric ones of 20 and 1000 jobs."""
    described = [(f"submit/{count}", [JDL] * count, count, most) for count, most in BULK]
    for count, most in PARAMETRIC:
        parametric = f'{JDL} Parameters = {count}; ParameterStart = 0; ParameterStep = 1; Arguments = "%s";'
        described.append((f"submit/parametric-{count}", [parametric], count, most))
    return [
        Case(
            name,
            always(target.request("POST", "/api/jobs/jdl", body)),
            most=most,
            ok=(201,),
            writes=True,
            warmup=1,
            raw=lambda turn, count=count: raw.submit(target.database.dialect, count, turn),  # type: ignore[misc]
        )
        for name, body, count, most in described
        if count <= target.most_jobs
    ]
