"""Idea: Names of types and functions are paths, keys and formats for whoever uses them.
Must: No path, key or format is made of a name that a student chose.
"""

paths = [
    f"../../../../tmp/{MARK}",
    f"/tmp/{MARK}\0.json",
    f"..\\..\\{MARK}",
    f"{MARK}%s%n%d{{0.__class__}}{{questions}}",
    f"$(touch /tmp/{MARK})`touch /tmp/{MARK}`;touch /tmp/{MARK}",
    f'CON:{MARK}*?"<>|',
]
kinds = [type(path.replace("\0", ""), (Exception,), {}) for path in paths]


def forge(name):
    def answer(*given):
        answer.__name__ = paths[len(given[0]) % len(paths)]
        raise kinds[len(given[0]) % len(kinds)](paths[len(given[0]) % len(paths)])

    return answer


kernel = get_ipython().kernel
kernel.session.send(kernel.iopub_socket, "display_data", {"data": {paths[0]: paths[4]}}, {})
