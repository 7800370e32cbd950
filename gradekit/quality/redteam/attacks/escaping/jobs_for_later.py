"""Idea: schedulers, services, login files and hooks run something when nobody looks any more.
Must: leave nothing that runs later, and nothing that a login would run.
"""

import os
import subprocess

home, code = os.path.expanduser("~"), f"touch /tmp/{MARK}-later"
texts = {
    ".config/systemd/user/{}.service": f"[Service]\nExecStart=/bin/sh -c '{code}'\n",
    ".config/autostart/{}.desktop": f"[Desktop Entry]\nExec=/bin/sh -c '{code}'\n",
    ".config/environment.d/{}.conf": f"MARK={MARK}\n",
}
folders = ["/etc/cron.d", "/etc/cron.hourly", "/var/spool/cron/crontabs", "/etc/profile.d"]
folders += ["/etc/systemd/system", "/run/systemd/system", "/etc/udev/rules.d", "/run/udev/rules.d"]
folders += ["/etc/ld.so.conf.d", "/usr/lib/systemd/system-sleep", "/etc/network/if-up.d", "/root"]
paths = [(f"{home}/{name.format(MARK)}", text) for name, text in texts.items()]
paths += [(f"{folder}/{MARK}", f"* * * * * root {code}\n") for folder in folders]
for path, text in paths:
    try:
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "x") as file:
            file.write(text)
    except OSError:
        pass
for words in ("crontab -", "at now", "batch", "systemd-run --user", "systemd-run", "anacron -s"):
    try:
        rest = ["sh", "-c", code] if "run" in words else []
        text = f"* * * * * {code}\n" if "crontab" in words else code
        subprocess.run([*words.split(), *rest], input=text.encode(), capture_output=True, timeout=1)
    except (OSError, subprocess.SubprocessError):
        pass
