"""What a page's text says to the buyer."""

from decimal import Decimal

from tools.shop_page import Listed, prices, read_page

RESULTS = (
    "Instruction: [SEP] cola [SEP] Back to Search [SEP] Page 1 (Total results: 12) [SEP] Next > [SEP] W00000COLA [SEP] "
    "Cola, Price: low [SEP] $10.0 [SEP] W00000TEAS [SEP] Tea [SEP] $1,200.5 to $1,300.0"
)
ITEM = (
    "Instruction: [SEP] cola [SEP] Back to Search [SEP] < Prev [SEP] flavor [SEP] original [SEP] zero sugar [SEP] "
    "size [SEP] 355 ml [SEP] Cola, Price: low [SEP] Price: $10.0 [SEP] Rating: N.A. [SEP] Description [SEP] Buy Now"
)
BUTTONS = ("back to search", "< prev", "description", "features", "reviews", "buy now")


def test_a_list_of_results_tells_products_titles_and_prices():
    page = read_page(RESULTS, ("back to search", "next >", "w00000cola", "w00000teas"))

    assert (page.kind, page.number, page.total) == ("results", 1, 12)
    assert page.results == (
        Listed("w00000cola", "Cola, Price: low", Decimal("10.0"), Decimal("10.0")),
        Listed("w00000teas", "Tea", Decimal("1200.5"), Decimal("1300.0")),
    )


def test_a_product_s_page_tells_title_price_and_groups_of_options():
    page = read_page(ITEM, (*BUTTONS, "original", "zero sugar", "355 ml"))

    assert (page.kind, page.title, page.highest) == ("item", "Cola, Price: low", Decimal("10.0"))
    assert page.options == (("flavor", ("original", "zero sugar")), ("size", ("355 ml",)))


def test_a_sub_page_tells_what_follows_its_buttons():
    page = read_page("Instruction: [SEP] x [SEP] Back to Search [SEP] < Prev [SEP] Soft [SEP] Sweet", BUTTONS[:2])

    assert (page.kind, page.body) == ("detail", "Soft Sweet")


def test_a_page_without_anything_to_click_is_the_end():
    assert read_page("Thank you for shopping with us!", ()).kind == "done"


def test_prices_in_won_are_read_in_either_spelling():
    page = read_page(RESULTS.replace("$10.0", "₩12,900"), ("back to search", "next >", "w00000cola", "w00000teas"))

    assert page.results[0].highest == Decimal(12_900)
    assert prices("정가 15,000원, 할인가 ₩ 12,900") == (Decimal(15_000), Decimal(12_900))


def test_a_title_that_speaks_of_money_is_no_price():
    page = read_page("Next > [SEP] W00000COLA [SEP] Cola, $5 off, 1000원", ("next >", "back to search", "w00000cola"))

    assert page.results == (Listed("w00000cola", "Cola, $5 off, 1000원", None, None),)
