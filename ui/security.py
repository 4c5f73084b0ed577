"""What every answer tells the browser: load nothing from elsewhere, and sit in nobody's frame."""

from __future__ import annotations

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_OURS = (
    "default-src 'self'; script-src 'self'; style-src {styles}; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)

POLICY = _OURS.format(styles="'self'")
"""For our pages: own files only, and nothing written into the page runs."""

POLICY_WITH_PLOTS = _OURS.format(styles="'self' 'unsafe-inline'").replace("data:", "data: blob:", 1)
"""For pages with a plot: plotly writes styles into the page; scripts stay as strict."""

POLICY_OF_CHAT = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self' ws: wss:; object-src 'none'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
"""For Chainlit, whose page needs more: still nothing of other hosts."""

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), microphone=(), geolocation=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}


class StayLocal:
    """Puts the headers on every answer, and the policy of its room where the answer brings none."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Add the headers to the answer."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        policy = POLICY_OF_CHAT if scope["path"].startswith("/chat") else POLICY

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers[name] = value
                headers.setdefault("Content-Security-Policy", policy)
            await send(message)

        await self._app(scope, receive, with_headers)
