"""What the owner reads about an order line that was bought, or was not, in Korean and English."""

from __future__ import annotations

from collections.abc import Sequence

from agents.shopper.request import Request
from graphs.alternatives import Alternative, nearest_of
from graphs.react import Trip
from stocksense.domain.reasons import Language
from tools.site import Purchase

_NOT_BOUGHT = {
    "ko": {
        "none": "쇼핑몰에 요청에 맞는 상품이 없어 사지 않았습니다.",
        "steps": "{steps}단계 안에 요청에 맞는 상품을 찾지 못해 사지 않았습니다.",
        "seconds": "제한 시간 안에 요청에 맞는 상품을 찾지 못해 사지 않았습니다.",
        "tokens": "정해진 토큰 안에 요청에 맞는 상품을 찾지 못해 사지 않았습니다.",
        "repeats": "같은 동작이 되풀이되어 멈췄고, 사지 않았습니다.",
        "nearest": " 가장 가까운 상품: ",
    },
    "en": {
        "none": "Not bought: the shop has nothing that fits the request.",
        "steps": "Not bought: {steps} steps found nothing that fits the request.",
        "seconds": "Not bought: nothing that fits was found in the time allowed.",
        "tokens": "Not bought: nothing that fits was found with the tokens allowed.",
        "repeats": "Not bought: the buyer was going in circles and stopped.",
        "nearest": " Nearest: ",
    },
}
_OTHER = {
    "ko": {
        "supplier": (
            "{supplier}에는 대리인이 살 수 있는 쇼핑몰이 없어 발주서를 써 두었습니다. "
            "보내고 이 줄을 확정하거나, 취소하세요."
        ),
        "unreadable": "쇼핑몰을 읽지 못해 사지 않았습니다. ({why})",
        "silent": "쇼핑몰이 응답하지 않아 사지 않았습니다. 나중에 다시 시도하세요. ({why})",
        "unknown": (
            "구매를 요청한 뒤 결과를 받지 못했습니다. 쇼핑몰의 주문 내역에서 {page}을(를) 확인하고, "
            "샀으면 확정하고 아니면 다시 시도하거나 취소하세요. 그 전에는 다시 사지 않습니다."
        ),
        "sale": "모의 쇼핑몰은 페이지를 한 번에 한 묶음만 팝니다. 이 줄은 {packs}묶음 x {pack}개 = {units}개입니다.",
    },
    "en": {
        "supplier": (
            "{supplier} has no shop in which an agent can buy, so an order letter is written: "
            "send it, then settle this line, or cancel it."
        ),
        "unreadable": "Not bought: the shop could not be read. ({why})",
        "silent": "Not bought: the shop did not answer; try again later. ({why})",
        "unknown": (
            "The purchase was asked for, but its outcome never came: look for {page} among the shop's orders, then "
            "settle the line, try it again or cancel it. Until then nothing is bought again."
        ),
        "sale": "The simulated shop sells a pack a page visit; this line is {packs} packs x {pack} = {units} units.",
    },
}


def not_bought(trip: Trip, near: Sequence[Alternative], language: Language) -> str:
    """Why a walk ended without a purchase, with the nearest offers and what is wrong with each."""
    words = _NOT_BOUGHT[language]
    said = words["none" if trip.outcome == "stopped" else trip.outcome].format(steps=len(trip.history))
    return said + (words["nearest"] + nearest_of(near, language) if near else "")


def nobody_sells(supplier: str, language: str) -> str:
    """That the supplier has no door for agents."""
    return _OTHER[language]["supplier"].format(supplier=supplier)


def shop_silent(why: str, language: str) -> str:
    """That the shop did not answer, and nothing was bought."""
    return _OTHER[language]["silent"].format(why=why)


def shop_unreadable(why: str, language: str) -> str:
    """That the shop's pages are not as we know them, or could not be opened, and nothing was bought."""
    return _OTHER[language]["unreadable"].format(why=why)


def unknown_outcome(page: str, language: str) -> str:
    """That nobody knows whether the shop sold."""
    return _OTHER[language]["unknown"].format(page=page)


def about_sale(request: Request, language: str) -> str:
    """What the simulated shop's sale of one page stands for."""
    packs, pack = request.quantity, request.pack_size
    return _OTHER[language]["sale"].format(packs=packs, pack=pack, units=packs * pack)


def sold_what(request: Request, purchase: Purchase) -> str:
    """The purchase in one line: packs, title and options."""
    options = ", ".join(f"{name}: {value}" for name, value in purchase.options)
    return f"{request.quantity} x {purchase.title}" + (f" ({options})" if options else "")
