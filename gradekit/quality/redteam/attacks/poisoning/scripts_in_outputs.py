"""Idea: HTML and scripts in outputs, metadata and displays run in the browser of whoever looks.
Must: be in no report; outputs of cells are counted and thrown away.
"""

from IPython.display import HTML, Javascript, display, publish_display_data

script = f"<script>document.title='{MARK}'</script><img src=x onerror=alert('{MARK}')>"
display(HTML(script))
display(Javascript(f"document.title='{MARK}'"))
display({"text/html": script, "image/svg+xml": f"<svg onload=alert('{MARK}')/>"}, raw=True)
publish_display_data({"text/markdown": f"[x](javascript:alert('{MARK}'))"}, {"x": script})
publish_display_data({"application/vnd.jupyter.widget-view+json": {"model_id": MARK}})
print(script)


class Shown:
    _repr_html_ = _repr_svg_ = _repr_markdown_ = _repr_javascript_ = lambda self: script
    __repr__ = lambda self: script


def forge(name):
    return Shown()
