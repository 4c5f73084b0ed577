"""What people call the options of a product, such as its flavor; their values are the shop's own words and stay."""

from __future__ import annotations

_IN_KOREAN = {
    "blades": "날 수", "character": "캐릭터", "color": "색상", "design": "디자인", "edition": "에디션",
    "fat": "지방", "flavor": "맛", "material": "소재", "outlets": "구수", "plug": "플러그", "scent": "향",
    "series": "시리즈", "size": "크기", "style": "스타일", "theme": "테마", "type": "종류", "variety": "종류",
}  # fmt: skip


def option_name(name: str, language: str) -> str:
    """The name of an option in a language (`ko` or `en`); one that nobody translated stays as the shop has it."""
    return _IN_KOREAN.get(name.strip().lower(), name) if language == "ko" else name
