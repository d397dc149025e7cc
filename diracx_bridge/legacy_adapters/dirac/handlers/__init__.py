"""Handler classes for ``HandlerPath``; DIRAC wants the class to be named as its module."""
