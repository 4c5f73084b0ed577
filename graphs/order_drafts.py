"""What the owner sends or pays by hand: an order letter to a supplier, and a cart that waits in a shop."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from graphs.errand import Errand
from graphs.receipts import plain_draft
from stocksense.domain.options import option_name
from stocksense.domain.reasons import Language, show_money, show_number
from tools.site import Draft, Purchase

_LETTER = {
    "ko": {
        "subject": "[발주서 {order}] {name} {units}개",
        "body": (
            "{supplier} 담당자님께\n\n안녕하세요, {shop}입니다. 아래와 같이 주문드립니다.\n\n{lines}\n\n"
            "위 단가를 넘거나 수량을 맞추기 어려우면 출고 전에 알려 주세요. 출고 예정일도 함께 회신 부탁드립니다.\n\n"
            "감사합니다.\n{shop} 드림"
        ),
        "order": "발주 번호",
        "product": "품명",
        "options": "옵션",
        "sku": "상품 코드",
        "gtin": "바코드",
        "quantity": "수량",
        "packs": "{units}개 ({packs}묶음 x {pack}개)",
        "price": "단가 (상한)",
        "total": "합계 (상한)",
        "day": "희망 입고일",
    },
    "en": {
        "subject": "[Order {order}] {name}, {units} units",
        "body": (
            "Dear {supplier},\n\nThis is {shop}. We would like to order:\n\n{lines}\n\n"
            "If the price is higher, or the quantity is not there, please tell us before you ship. "
            "Please also tell us when it will ship.\n\nKind regards,\n{shop}"
        ),
        "order": "Order",
        "product": "Product",
        "options": "Options",
        "sku": "SKU",
        "gtin": "Barcode",
        "quantity": "Quantity",
        "packs": "{units} units ({packs} packs x {pack})",
        "price": "Unit price (at most)",
        "total": "Total (at most)",
        "day": "Wanted by",
    },
}
_CART = {
    "ko": (
        "{shop} 장바구니에 담아 두었고 결제하지 않았습니다. 확인하고 결제한 뒤 이 줄을 확정하거나, 취소하세요: "
        "{cart} · {packs}묶음, 배송비 {delivery} 포함 {total}"
    ),
    "en": (
        "It waits in the cart of {shop} and is not paid. Look at it, pay, then settle this line, or cancel it: "
        "{cart} · {packs} packs, {total} with {delivery} for delivery"
    ),
}
_REMARK = {
    "ko": {
        "over": " · 승인한 금액 {approved}보다 많습니다",
        "coupon": " · 쿠폰을 받으면 한 묶음에 {coupon}",
        "login": " · 결제하려면 그 쇼핑몰에 로그인해야 합니다",
    },
    "en": {
        "over": " · more than the {approved} that were approved",
        "coupon": " · with the coupon offered there a pack costs {coupon}",
        "login": " · to pay you have to log in there",
    },
}


def letter(errand: Errand, *, wanted_on: date) -> dict[str, Any]:
    """An order to copy or to mail to the supplier: {"kind": "letter", "to", "ko": {"subject", "text"}, "en": ...}."""
    return {
        "kind": "letter",
        "to": errand.line.supplier,
        "ko": _letter(errand, "ko", wanted_on),
        "en": _letter(errand, "en", wanted_on),
    }


def cart(errand: Errand, purchase: Purchase, draft: Draft) -> dict[str, Any]:
    """What waits in a shop's cart, as plain values: {"kind": "cart", "cart", "page", "price", "total", ...}."""
    return {
        "kind": "cart",
        "site": errand.line.site,
        "currency": errand.currency,
        "product": purchase.product,
        "title": purchase.title,
        "options": dict(purchase.options),
        "price": str(purchase.price),
        "page": purchase.page,
        **plain_draft(draft),
    }


def cart_note(errand: Errand, draft: Draft, *, is_over: bool, language: Language) -> str:
    """That the purchase waits in a cart, where, and what to know before paying."""
    currency, remark = errand.currency, _REMARK[language]
    said = _CART[language].format(
        shop=errand.line.supplier,
        cart=draft.cart,
        packs=draft.packs,
        total=show_money(draft.total, currency, language),
        delivery=show_money(draft.delivery, currency, language),
    )
    if is_over:
        said += remark["over"].format(approved=show_money(errand.terms.total, errand.terms.currency, language))
    if draft.coupon is not None:
        said += remark["coupon"].format(coupon=show_money(draft.coupon, currency, language))
    return said + (remark["login"] if draft.login else "")


def _letter(errand: Errand, language: Language, wanted_on: date) -> dict[str, str]:
    words, terms, line = _LETTER[language], errand.terms, errand.line
    name, units = errand.product.name(language), show_number(terms.quantity)
    rows = _rows(errand, words, language)
    rows[words["day"]] = wanted_on.isoformat()
    listed = "\n".join(f"- {label}: {value}" for label, value in rows.items() if value)
    return {
        "subject": words["subject"].format(order=line.order, name=name, units=units),
        "text": words["body"].format(supplier=line.supplier, shop=terms.shop, lines=listed),
    }


def _rows(errand: Errand, words: Mapping[str, str], language: Language) -> dict[str, str]:
    terms, request = errand.terms, errand.request
    packs = words["packs"].format(
        units=show_number(terms.quantity), packs=show_number(request.quantity), pack=request.pack_size
    )
    return {
        words["order"]: errand.line.order,
        words["product"]: errand.product.name(language),
        words["options"]: ", ".join(f"{option_name(name, language)}: {value}" for name, value in terms.options),
        words["sku"]: terms.sku,
        words["gtin"]: errand.product.gtin,
        words["quantity"]: packs if request.pack_size > 1 else show_number(terms.quantity),
        words["price"]: show_money(terms.unit_price, terms.currency, language),
        words["total"]: show_money(terms.total, terms.currency, language),
    }
