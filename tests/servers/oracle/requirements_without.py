"""Print the requirements of a DIRAC wheel for given extras, leaving some out.

usage: requirements_without.py DIRAC-WHEEL EXTRA[,EXTRA...] NAME[,NAME...]
"""

import sys
import zipfile
from email.parser import Parser

from packaging.requirements import Requirement


def main():
    wheel, extras, skipped = sys.argv[1:4]
    extras = [e for e in extras.split(",") if e]
    skipped = {n.lower() for n in skipped.split(",") if n}
    with zipfile.ZipFile(wheel) as z:
        name = next(n for n in z.namelist() if n.endswith(".dist-info/METADATA"))
        meta = Parser().parsestr(z.read(name).decode())
    seen = set()
    for raw in meta.get_all("Requires-Dist") or []:
        req = Requirement(raw)
        if req.name.lower() in skipped:
            continue
        if req.marker is None or any(req.marker.evaluate({"extra": e}) for e in ["", *extras]):
            req.marker = None
            if str(req) not in seen:
                seen.add(str(req))
                print(req)


if __name__ == "__main__":
    main()
