"""What can be wrong with a file or a cell, said in Korean and in English, each with what to do about it."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple


class Fault(StrEnum):
    """Every way in which a file, a row or a cell can be wrong, or worth a warning."""

    NO_FILE = "no_file"
    EMPTY_FILE = "empty_file"
    TOO_LARGE = "too_large"
    TOO_MANY_ROWS = "too_many_rows"
    ZIP_BOMB = "zip_bomb"
    PASSWORD_NEEDED = "password_needed"
    PASSWORD_WRONG = "password_wrong"
    OLD_EXCEL = "old_excel"
    WEB_PAGE = "web_page"
    BINARY = "binary"
    DAMAGED_TEXT = "damaged_text"
    DAMAGED_WORKBOOK = "damaged_workbook"
    NO_HEADER = "no_header"
    MISSING_COLUMN = "missing_column"
    WRONG_KIND = "wrong_kind"
    WHICH_LOCATION = "which_location"

    EMPTY = "empty"
    NOT_A_NUMBER = "not_a_number"
    NOT_WHOLE = "not_whole"
    NEGATIVE = "negative"
    ZERO = "zero"
    TOO_BIG = "too_big"
    DECIMALS = "decimals"
    OTHER_CURRENCY = "other_currency"
    FORMULA = "formula"
    ERROR_CELL = "error_cell"
    SHORTENED = "shortened"
    TOO_LONG = "too_long"
    NOT_A_DATE = "not_a_date"
    DAY_OR_MONTH = "day_or_month"
    FUTURE = "future"
    CATEGORY_GAP = "category_gap"
    UNKNOWN_STATE = "unknown_state"
    UNKNOWN_SKU = "unknown_sku"
    UNKNOWN_NAME = "unknown_name"
    UNKNOWN_LOCATION = "unknown_location"
    TWICE = "twice"
    SHIFTED = "shifted"
    NOT_ENOUGH = "not_enough"

    HEADER_ONLY = "header_only"
    CHECK_DIGIT = "check_digit"
    NOT_A_BARCODE = "not_a_barcode"
    FORMULA_TEXT = "formula_text"
    PARTLY_REFUNDED = "partly_refunded"
    STILL_RECALLED = "still_recalled"
    PRICED = "priced"


class Wording(NamedTuple):
    """What is wrong and what to do, in Korean and English; `{value}` and `{hint}` are filled in."""

    ko: str
    remedy_ko: str
    en: str
    remedy_en: str


WARNINGS = frozenset(
    {
        Fault.HEADER_ONLY,
        Fault.CHECK_DIGIT,
        Fault.NOT_A_BARCODE,
        Fault.FORMULA_TEXT,
        Fault.PARTLY_REFUNDED,
        Fault.STILL_RECALLED,
        Fault.PRICED,
    }
)
"""Faults with which a row is still taken."""

WORDS: dict[Fault, Wording] = {
    Fault.NO_FILE: Wording(
        "파일을 열 수 없습니다",
        "경로와 읽기 권한을 확인하세요",
        "the file cannot be opened",
        "check its path and that it may be read",
    ),
    Fault.EMPTY_FILE: Wording(
        "파일이 비어 있습니다",
        "원래 프로그램에서 다시 내보내세요",
        "the file is empty",
        "export it again from the system it came from",
    ),
    Fault.TOO_LARGE: Wording(
        "파일이 너무 큽니다 ({value}, 한도 {hint})",
        "월별로 나누어 올리세요",
        "the file is too large ({value}, the limit is {hint})",
        "split it, for example by month",
    ),
    Fault.TOO_MANY_ROWS: Wording(
        "행이 너무 많습니다 (한도 {hint}행)",
        "월별로 나누어 올리세요",
        "the file has too many rows (the limit is {hint})",
        "split it, for example by month",
    ),
    Fault.ZIP_BOMB: Wording(
        "압축을 풀면 {value}가 되어 열지 않았습니다 (한도 {hint})",
        "엑셀에서 열어 새 파일로 저장하거나 CSV로 내보내세요",
        "the workbook would unpack to {value}, so it was not opened (the limit is {hint})",
        "open it in Excel and save it as a new file, or export CSV",
    ),
    Fault.PASSWORD_NEEDED: Wording(
        "암호로 보호된 파일입니다",
        "내려받을 때 정한 암호를 함께 입력하세요",
        "the workbook is protected by a password",
        "give the password that was set when it was downloaded",
    ),
    Fault.PASSWORD_WRONG: Wording(
        "암호가 맞지 않습니다",
        "내려받을 때 정한 암호를 확인하세요",
        "the password does not open the workbook",
        "check the password that was set when it was downloaded",
    ),
    Fault.OLD_EXCEL: Wording(
        "옛 엑셀 형식(.xls)입니다",
        "엑셀에서 열어 .xlsx로 저장하세요",
        "this is the old Excel format (.xls)",
        "open it in Excel and save it as .xlsx",
    ),
    Fault.WEB_PAGE: Wording(
        "엑셀 파일이 아니라 웹페이지(HTML)입니다",
        "엑셀에서 열어 .xlsx로 저장하세요",
        "this is a web page (HTML), not a table",
        "open it in Excel and save it as .xlsx",
    ),
    Fault.BINARY: Wording(
        "표가 아닌 파일입니다",
        "CSV나 XLSX 파일을 고르세요",
        "this is not a table",
        "choose a CSV or XLSX file",
    ),
    Fault.DAMAGED_TEXT: Wording(
        "{hint}로 보이지만 깨진 글자가 있습니다",
        "원래 프로그램에서 다시 내보내세요",
        "the text looks like {hint} but is damaged here",
        "export it again from the system it came from",
    ),
    Fault.DAMAGED_WORKBOOK: Wording(
        "엑셀 파일이 손상되었습니다",
        "엑셀에서 열어 새 파일로 저장하거나 다시 내보내세요",
        "the workbook is damaged",
        "open it in Excel and save it as a new file, or export it again",
    ),
    Fault.NO_HEADER: Wording(
        "아는 제목 행이 없습니다. 찾은 글자: {value}",
        "첫 행에 SKU(또는 바코드), 상품명, 재고수량, 판매일, 판매수량 같은 열 이름을 쓰세요. 아는 형식: {hint}",
        "no row of known column names was found, only: {value}",
        "name the columns in the first row: sku (or barcode), name, on hand, date, quantity. Known formats: {hint}",
    ),
    Fault.MISSING_COLUMN: Wording(
        "필요한 열이 없습니다: {value}",
        "'{hint}' 열을 추가하세요",
        "a column is missing: {value}",
        "add a column '{hint}'",
    ),
    Fault.WRONG_KIND: Wording(
        "이 파일에서는 {value}을(를) 읽을 수 없습니다",
        "이 형식에서 읽을 수 있는 것: {hint}",
        "{value} cannot be read from this file",
        "this format holds: {hint}",
    ),
    Fault.WHICH_LOCATION: Wording(
        "어느 매장인지 알 수 없습니다",
        "매장 열을 추가하거나 매장을 지정하세요: {hint}",
        "the file does not say which location it is about",
        "add a column 'location' or name one of: {hint}",
    ),
    Fault.EMPTY: Wording(
        "값이 비어 있습니다",
        "값을 채우세요",
        "the cell is empty",
        "fill it in",
    ),
    Fault.NOT_A_NUMBER: Wording(
        "숫자가 아닙니다",
        "1234처럼 숫자로 쓰세요",
        "this is no number",
        "write digits, such as 1234",
    ),
    Fault.NOT_WHOLE: Wording(
        "수량이 정수가 아닙니다",
        "낱개 수로 쓰거나, 무게로 파는 상품은 그램처럼 더 작은 단위로 쓰세요",
        "the quantity is not whole",
        "count pieces, or count goods sold by weight in a smaller unit such as grams",
    ),
    Fault.NEGATIVE: Wording(
        "음수일 수 없습니다",
        "0 이상의 수를 쓰세요",
        "this cannot be negative",
        "write 0 or more",
    ),
    Fault.ZERO: Wording(
        "수량이 0입니다",
        "팔린 수량을 쓰거나 행을 지우세요",
        "the quantity is 0",
        "write the units that were sold, or delete the row",
    ),
    Fault.TOO_BIG: Wording(
        "수가 너무 큽니다",
        "바코드나 번호가 다른 열에 들어가지 않았는지 확인하세요",
        "the number is too big",
        "check that no barcode or order number slipped into this column",
    ),
    Fault.DECIMALS: Wording(
        "소수점 아래 두 자리를 넘습니다",
        "금액을 두 자리 이하로 반올림하세요",
        "the amount has more than two decimals",
        "round it to two",
    ),
    Fault.OTHER_CURRENCY: Wording(
        "매장 통화({hint})가 아닙니다",
        "{hint} 금액으로 바꾸세요",
        "this is not in the shop's currency ({hint})",
        "convert it to {hint}",
    ),
    Fault.FORMULA: Wording(
        "숫자 대신 수식이 있습니다",
        "열을 복사해 '값만 붙여넣기' 한 뒤 저장하세요",
        "the cell holds a formula where a value belongs",
        "copy the column, paste it as values, and save",
    ),
    Fault.ERROR_CELL: Wording(
        "엑셀 오류 값입니다",
        "셀의 오류를 고치거나 값을 직접 쓰세요",
        "the cell holds an Excel error",
        "mend the cell, or type the value",
    ),
    Fault.SHORTENED: Wording(
        "엑셀이 긴 번호를 줄여 끝자리가 사라졌습니다",
        "원래 프로그램에서 다시 내보내고, 엑셀로 열 때는 이 열을 '텍스트'로 지정하세요",
        "Excel has shortened a long number, and its last digits are lost",
        "export the file again, and if you open it in Excel, set this column to Text first",
    ),
    Fault.TOO_LONG: Wording(
        "{hint}자를 넘습니다",
        "{hint}자 이하로 줄이세요",
        "this is longer than {hint} characters",
        "shorten it to {hint}",
    ),
    Fault.NOT_A_DATE: Wording(
        "날짜로 읽을 수 없습니다",
        "2026-07-01처럼 쓰세요",
        "this is no date that we can read",
        "write it as 2026-07-01",
    ),
    Fault.DAY_OR_MONTH: Wording(
        "일과 월의 순서를 알 수 없습니다",
        "2026-07-01처럼 연도를 앞에 쓰세요",
        "day and month cannot be told apart",
        "write the year first, as 2026-07-01",
    ),
    Fault.FUTURE: Wording(
        "아직 오지 않은 날짜입니다",
        "연도와 날짜를 확인하세요",
        "this day has not come yet",
        "check year and day",
    ),
    Fault.CATEGORY_GAP: Wording(
        "분류의 중간 단계가 비어 있습니다",
        "대분류부터 차례로 채우세요",
        "a level of the category is empty above a filled one",
        "fill the levels from the top",
    ),
    Fault.UNKNOWN_STATE: Wording(
        "모르는 상태입니다",
        "다음 중 하나로 쓰세요: {hint}",
        "this state is not known",
        "use one of: {hint}",
    ),
    Fault.UNKNOWN_SKU: Wording(
        "이 SKU의 상품이 없습니다",
        "상품을 먼저 가져오거나 SKU를 고치세요. 비슷한 SKU: {hint}",
        "no product has this SKU",
        "import the products first or correct the SKU; close ones: {hint}",
    ),
    Fault.UNKNOWN_NAME: Wording(
        "이 이름의 상품이 없거나 둘 이상입니다",
        "SKU나 바코드 열을 추가하세요. 비슷한 이름: {hint}",
        "no single product has this name",
        "add a column with SKU or barcode; close names: {hint}",
    ),
    Fault.UNKNOWN_LOCATION: Wording(
        "모르는 매장입니다",
        "다음 중 하나로 쓰세요: {hint}",
        "no location has this name",
        "use one of: {hint}",
    ),
    Fault.TWICE: Wording(
        "{hint}행과 같은 상품인데 내용이 다릅니다",
        "맞는 행 하나만 남기세요",
        "row {hint} says something else about the same product",
        "keep the one row that is right",
    ),
    Fault.SHIFTED: Wording(
        "제목보다 칸이 많습니다",
        "쉼표가 든 값을 따옴표로 감싸거나 XLSX로 내보내세요",
        "the row has more cells than the header",
        "put values with commas into quotes, or export XLSX",
    ),
    Fault.NOT_ENOUGH: Wording(
        "장부의 재고보다 많이 팔렸습니다",
        "재고를 세어 먼저 가져오거나, 매장의 음수 재고 정책을 바꾸세요",
        "more was sold than the ledger holds",
        "count and import the stock first, or let the shop's policy allow negative stock",
    ),
    Fault.HEADER_ONLY: Wording(
        "제목 행만 있고 내용이 없습니다",
        "내보낼 때 기간이나 조건을 확인하세요",
        "there is a header but not one row",
        "check the period or the filter of the export",
    ),
    Fault.CHECK_DIGIT: Wording(
        "바코드의 검사 숫자가 맞지 않습니다",
        "포장의 바코드와 비교하세요",
        "the barcode's check digit does not fit",
        "compare it with the package",
    ),
    Fault.NOT_A_BARCODE: Wording(
        "바코드가 아니어서 비워 두었습니다",
        "8, 12, 13 또는 14자리 숫자로 쓰세요",
        "this is no barcode, so it was left out",
        "write 8, 12, 13 or 14 digits",
    ),
    Fault.FORMULA_TEXT: Wording(
        "수식처럼 보여 글자 그대로 두었습니다",
        "이름이 맞는지 확인하세요",
        "this looks like a formula and was kept as plain text",
        "check that it is meant so",
    ),
    Fault.PARTLY_REFUNDED: Wording(
        "일부 환불된 주문이라 판매로만 적었습니다",
        "돌아온 수량은 반품으로 따로 적으세요",
        "the order was refunded in part and is kept as sold",
        "enter the units that came back as a return",
    ),
    Fault.STILL_RECALLED: Wording(
        "회수 중인 상품이라 상태를 바꾸지 않았습니다",
        "회수 화면에서 먼저 해제하세요",
        "the product is under recall, so its status was left alone",
        "release it from the recall first",
    ),
    Fault.PRICED: Wording(
        "금액 열이 없어 상품의 현재 판매가로 계산했습니다",
        "판매 당시의 금액이 필요하면 금액 열을 추가하세요",
        "there is no amount, so the products' present prices were taken",
        "add a column 'amount' if the prices of the day matter",
    ),
}
