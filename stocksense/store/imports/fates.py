"""What became of an order line, in the words of the systems that sell."""

from __future__ import annotations

from enum import StrEnum

from stocksense.store.imports.headers import fold
from stocksense.store.imports.wording import Fault


class Fate(StrEnum):
    """What became of an order line. Open claims (취소요청, 반품요청 ...) count as sold until they are settled."""

    SOLD = "sold"
    PARTLY = "partly refunded"
    UNPAID = "unpaid"
    CANCELLED = "cancelled"
    RETURNED = "returned"


_WORDS = {
    Fate.SOLD: """
        결제완료 입금완료 발주확인 상품준비중 배송준비중 배송지시 배송대기 배송중 배송완료 구매확정 업체직송
        교환 교환완료 교환요청 취소요청 취소처리중 취소거부 반품요청 반품중 반품거부 수거중 수거완료
        판매 정상 매출 승인 완료 판매완료 거래완료
        paid authorized partiallypaid fulfilled completed complete sale sold closed open shipped delivered payment
    """,
    Fate.PARTLY: "partiallyrefunded 부분환불 부분취소 부분반품",
    Fate.UNPAID: "결제대기 입금대기 미결제 입금전 주문접수 pending unpaid",
    Fate.CANCELLED: """
        취소 취소완료 미결제취소 결제취소 승인취소 주문취소 판매취소 cancelled canceled cancel voided void expired
    """,
    Fate.RETURNED: "반품 반품완료 환불 환불완료 refunded refund returned return",
}
_FATES = {word: fate for fate, words in _WORDS.items() for word in words.split()}

KNOWN_STATES = "결제완료, 구매확정, 결제대기, 취소, 반품, paid, cancelled, refunded"


def fate(text: str) -> Fate | Fault:
    """What a state says; no state at all means sold."""
    folded = fold(text)
    return _FATES.get(folded, Fault.UNKNOWN_STATE) if folded else Fate.SOLD
