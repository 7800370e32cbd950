"""Idea: Jobs for cron, at, systemd and git are left, to be run when the submission is long over.
Must: None of their folders can be written, no such service answers, and no hook is ours.
"""

import pathlib
import subprocess

line = f"* * * * * root echo {MARK} > /tmp/{MARK}\n"
places = "/etc/cron.d /var/spool/cron/crontabs /var/spool/at /etc/systemd/system /etc/profile.d"
places += " /run/systemd/system /usr/lib/systemd/system /root/.ssh /etc/init.d /etc/pam.d"
places += " /autograder/source /etc ~/.config/autostart ~/.config/systemd/user ../.git/hooks"
for place in places.split():
    try:
        pathlib.Path(place, MARK).expanduser().write_text(line)
    except (OSError, RuntimeError):
        continue
for command in (["crontab", "-"], ["at", "now"], ["systemd-run", "--user", "true"], ["batch"]):
    try:
        subprocess.run(command, input=line.encode(), capture_output=True, timeout=1)
    except (OSError, subprocess.TimeoutExpired):
        continue
