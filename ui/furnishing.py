"""Lays out what Chainlit reads: its configuration and secret, our cards, colours and words."""

from __future__ import annotations

import json
import re
import shutil
from importlib.resources import files
from pathlib import Path
from urllib.parse import parse_qsl, urlencode

from stocksense.settings import Settings, lend_to_chainlit
from ui.kept import kept_secret
from ui.wording import Words

ROOM = Path(__file__).parent / "chat_room"
MARK = Path(__file__).parent / "assets" / "mark.svg"
_OUTSIDE = re.compile(r"<link\b[^>]*\bhref=\"https?://[^>]*>")
_SPOKEN = ("/project/translations", "/project/settings")
"""Requests of Chainlit's page that name the browser's language."""


def furnish(settings: Settings) -> None:
    """Lay everything into the home folder; Chainlit is not loaded for it."""
    folder = settings.home / ".chainlit"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "config.toml").write_text((files("ui") / "chainlit.toml").read_text(encoding="utf-8"), encoding="utf-8")
    lend_to_chainlit(settings.home, kept_secret(settings.home, "chat-secret", strength=48))
    public = settings.home / "public"
    shutil.copytree(ROOM, public, dirs_exist_ok=True)
    (public / "avatars").mkdir(exist_ok=True)
    for name in ("favicon.svg", "logo_light.svg", "logo_dark.svg", "avatars/stocksense.svg"):
        shutil.copyfile(MARK, public / name)
    _reword(folder / "translations")
    for name in ("chainlit_ko.md", "chainlit_en-US.md"):
        # Empty: without it Chainlit warns at each opening, and with text it shows a button.
        (settings.home / name).touch()


def without_links(page: str) -> str:
    """Chainlit's page, less the fonts and styles that it would fetch from other hosts."""
    return _OUTSIDE.sub("", page)


def in_language(path: str, query: bytes, language: str) -> bytes:
    """The query of a request of Chainlit's page, with the person's language in place of the browser's."""
    if not path.endswith(_SPOKEN):
        return query
    pairs = dict(parse_qsl(query.decode("latin-1"), keep_blank_values=True))
    return urlencode(pairs | {"language": "ko" if language == "ko" else "en-US"}).encode("latin-1")


def _reword(folder: Path) -> None:
    """Chainlit's own words, but for the few that speak of a language model or say nothing of a shop."""
    folder.mkdir(exist_ok=True)
    for file in (files("chainlit") / "translations").iterdir():
        words, say = json.loads(file.read_text(encoding="utf-8")), Words("ko" if file.name.startswith("ko") else "en")
        words["chat"]["watermark"] = say("talk.watermark")
        words["chat"]["input"]["placeholder"] = say("talk.placeholder")
        words["chat"]["commands"]["button"] = say("talk.commands")
        words["chat"]["messages"]["status"] = {"using": say("talk.using"), "used": say("talk.used")}
        (folder / file.name).write_text(json.dumps(words, ensure_ascii=False), encoding="utf-8")
