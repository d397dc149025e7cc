"""Answer questions to `oracle.py`.

Pickled (function name, arguments, keywords) come in, (True, value) or (False, traceback) go out. The pipe is the
standard input and output of this process; whatever else prints goes to the log.
"""

import os
import pickle
import sys
import traceback

questions, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
os.dup2(2, 1)

import oracle


def main():
    while True:
        try:
            name, arguments, keywords = pickle.load(questions)
        except EOFError:
            return
        try:
            data = pickle.dumps((True, getattr(oracle, name)(*arguments, **keywords)))
        except Exception:
            data = pickle.dumps((False, traceback.format_exc()))
        answers.write(data)
        answers.flush()
        sys.stderr.flush()


if __name__ == "__main__":
    main()
