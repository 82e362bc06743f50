#!/usr/bin/env bash
# Shows the names of tasks as they run, and everything from the recap on: the full output goes to the log.
exec awk '/^PLAY RECAP/ {all = 1} all {print; fflush(); next} /^(PLAY|TASK) \[/ {sub(/ \*+$/, ""); print "    " $0; fflush()} /^(fatal|\[ERROR\]|ERROR)/ {print; fflush()}'
