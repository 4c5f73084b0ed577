"""What goes wrong is told in the owner's language."""

import ast
import re
from pathlib import Path

import pytest

from stocksense.errors import KINDS_IN_KOREAN, BadValue, StockSenseError, UnknownSku
from tools.orders import propose_purchase
from tools.sales import sales_summary
from ui.problems import in_words
from ui.wording import Words

ROOT = Path(__file__).parents[2]
KO, EN = Words("ko"), Words("en")
RAISED = re.compile(r"Unknown(?:Name)?\(\s*\"([a-z ]+)\"")


def test_a_message_is_told_in_korean_where_it_has_one():
    error = BadValue("no such day", in_korean="그런 날이 없습니다")

    assert (in_words(KO, error), in_words(EN, error), error.told("en")) == (
        "그런 날이 없습니다",
        "no such day",
        "no such day",
    )
    assert (in_words(KO, StockSenseError("broken")), StockSenseError("broken").told("ko")) == ("", "broken")


def test_an_unknown_sku_names_the_closest_in_both_languages():
    error = UnknownSku("TEA1", ("TEA-1",))

    assert error.told("ko") == "'TEA1'(이)라는 상품이 없습니다. 혹시 이것인가요? TEA-1"
    assert "did you mean TEA-1?" in error.told("en")


def test_whatever_can_be_unknown_has_a_korean_word():
    rooms = ("stocksense", "tools", "graphs", "ui")
    sources = [path.read_text(encoding="utf-8") for room in rooms for path in (ROOT / room).rglob("*.py")]
    kinds = {kind for source in sources for kind in RAISED.findall(source)}

    assert len(kinds) > 10
    assert kinds <= KINDS_IN_KOREAN.keys()


@pytest.mark.parametrize("path", sorted((ROOT / "ui" / "pages").glob("*.py")), ids=lambda path: path.stem)
def test_what_pages_refuse_is_told_in_korean(path):
    calls = [node for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.Call)]
    refusals = [call for call in calls if isinstance(call.func, ast.Name) and call.func.id == "BadValue"]

    assert all("in_korean" in {given.arg for given in call.keywords} for call in refusals)


@pytest.mark.parametrize(
    ("ask", "told"),
    [
        (lambda corner: propose_purchase(corner, "DRK-2", 1000), "허용된 60일보다 오래 남습니다"),
        (lambda corner: propose_purchase(corner, "바다칩", 6), "맞는 상품이 2개"),
        (lambda corner: propose_purchase(corner, "RMN-1", 6), "공급처가 없습니다"),
        (lambda corner: propose_purchase(corner, "DRK-1", 12), "이미 제안되어 있습니다"),
        (lambda corner: sales_summary(corner, "someday"), "기간이 아닙니다"),
        (lambda corner: sales_summary(corner, "today", category="우주선"), "분류가 없습니다. 큰 분류:"),
    ],
)
def test_what_tools_refuse_is_told_in_korean(read_only_corner, ask, told):
    with pytest.raises(StockSenseError) as refused:
        ask(read_only_corner)

    assert told in refused.value.told("ko")
    assert re.search("[가-힣]", refused.value.told("ko"))
