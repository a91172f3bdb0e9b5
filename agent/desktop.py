"""``python -m agent.desktop TITLE BODY``: one alert on the desktop through `desktop-notifier`, the extra `desktop`.

A program of its own, as every other way to tell is: what hangs or fails there hinders nobody here.
"""

import html
import sys

if __name__ == "__main__":
    from desktop_notifier import DesktopNotifierSync

    title, body = sys.argv[1:]
    # A freedesktop.org server reads markup in the body (Desktop Notifications 1.2); macOS and Windows do not.
    message = html.escape(body, quote=False) if sys.platform.startswith("linux") else body
    DesktopNotifierSync(app_name="Afterword").send(title=title, message=message)
