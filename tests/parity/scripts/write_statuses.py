"""Set statuses of jobs by the real handler: `first step count job ...`; answers with what failed."""

import random
import sys

import oracle
from answer import answer

first, step, count, *jobs = map(int, sys.argv[1:])
failed = []
numbers = list(range(first, first + count * step, step))
random.Random(first).shuffle(numbers)
for number in numbers:
    for job in jobs:
        time = f"2030-01-01 {number // 3600:02}:{number // 60 % 60:02}:{number % 60:02}"
        change = {time: {"ApplicationStatus": f"step {number}", "Source": f"legacy {first}"}}
        result = oracle.call("JobStateUpdate", "setJobStatusBulk", job, change)
        if not result["OK"]:
            failed.append((job, number, result["Message"]))
answer(failed)
