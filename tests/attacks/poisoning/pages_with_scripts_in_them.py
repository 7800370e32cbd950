"""Idea: Scripts, pictures and styles in outputs, exceptions, names and texts that people read.
Must: They are shown as text; no page of ours loads, runs or styles anything of theirs.
"""

from IPython.display import HTML, SVG, Javascript, Markdown, display

script = f"<script>top.document.title='{MARK}'</script>"
image = f"\"'><img src=x onerror=alert('{MARK}')><style>*{{display:none}}</style>"
link = f"[{MARK}](javascript:alert(1)) ![x](data:text/html;base64,PHNjcmlwdD4=) {{{{7*7}}}} ${{x}}"
display(HTML(script + image), Markdown(link), Javascript("document.body.remove()"))
display(SVG(f"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'>{MARK}</svg>"))
print(script, image, link, "</pre></td></table></body></html><!--")
Kind = type(script + image, (Exception,), {"__doc__": link})


def forge(name):
    def answer(*given):
        raise Kind(f"{script}{image}{link}</pre><!-- {name}")

    answer.__name__ = answer.__qualname__ = script
    return answer


raise Kind(script)
