"""The command ``diracx-bridge``: one file per group, no logic, nothing imported before it is needed."""
