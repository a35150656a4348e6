"""The pages that the `dialog` of a status answer names, as 8.1 served them.

Only `/waitingforagent.html` is known (reference page, Example); pages and words are this
simulator's choice. Each refers to an image and a script that do not exist here: a client that
only shows the page as text never asks for them.
"""

from gms_console.simulator.web.answers import NO_CACHE, Answer, GmsError

HTML_TYPE = "text/html;charset=utf-8"

PAGES = {
    "waitingforagent.html": ("Please wait", "All agents are busy. We will be with you soon."),
    "agentready.html": ("An agent is ready", "An agent is ready to talk to you."),
    "connected.html": ("Connected", "You are connected with an agent."),
    "completed.html": ("Good bye", "The conversation is over. Thank you."),
    "cancelled.html": ("Cancelled", "You have cancelled your request."),
}
"""Title and text by file name; they stand below each root and at the origin's root."""

_FRAME = """\
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>{title}</title>
<script src="/genesys/resources/never-loaded.js"></script>
</head>
<body>
<h1>{title}</h1>
<img src="/genesys/resources/never-loaded.png" alt="">
<p>{text}</p>
</body>
</html>
"""


def page(name: str) -> Answer:
    """Answer a page; raises GmsError 404 for an unknown name."""
    if name not in PAGES:
        raise GmsError(404, f"Page [{name}] is unknown.")
    title, text = PAGES[name]
    body = _FRAME.format(title=title, text=text).encode()
    return Answer(200, (("Content-Type", HTML_TYPE), *NO_CACHE), body)
