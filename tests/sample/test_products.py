"""The shelves: names, barcodes and categories of the invented products."""

from stocksense.sample.products import SampleProduct, brands, pack_dollars, products


def check_digit(first_twelve: str) -> int:
    return -sum(int(digit) * (1, 3)[at % 2] for at, digit in enumerate(first_twelve)) % 10


def test_about_four_hundred_products_stand_on_the_shelves():
    assert 380 <= len(products()) <= 450


def test_every_barcode_is_a_valid_ean_13_from_the_invented_block():
    for product in products():
        assert len(product.barcode) == 13
        assert product.barcode.startswith("8800000")
        assert int(product.barcode[-1]) == check_digit(product.barcode[:-1])


def test_a_known_real_check_digit_is_computed_right():
    assert check_digit("400638133393") == 1


def test_skus_barcodes_and_names_are_unique():
    for field in ("sku", "barcode", "name_en", "name_ko"):
        assert len({getattr(product, field) for product in products()}) == len(products())


def test_every_category_has_four_levels_in_both_languages():
    for product in products():
        assert all(product.leaf.english.levels)
        assert all(product.leaf.korean.levels)


def test_a_leaf_has_one_name_in_each_language():
    pairs = {(product.leaf.english, product.leaf.korean) for product in products()}
    assert len(pairs) == len({english for english, _ in pairs}) == len({korean for _, korean in pairs})


def test_every_product_earns_something_and_costs_something():
    assert all(0 < product.cost < product.price for product in products())


def test_the_price_cap_lies_above_the_usual_price_of_a_pack():
    for product in products():
        assert pack_dollars(product.cost, product.pack_size) < product.price_cap_dollars


def test_korean_names_are_korean_and_english_names_are_not():
    def korean(text: str) -> bool:
        return any("가" <= letter <= "힣" for letter in text)

    assert all(korean(p.name_ko) and not korean(p.name_en) for p in products())


def test_names_read_as_on_a_price_tag():
    tea: SampleProduct = next(p for p in products() if p.sku == "DRK-COLA-355-ZERO")
    assert (tea.name_en, tea.name_ko) == ("Duruon Cola Zero Sugar 355 ml", "두루온 콜라 제로 355ml")


def test_every_brand_has_an_english_name_of_its_own():
    assert len(set(brands().values())) == len(brands())


def test_units_are_written_as_people_write_them():
    named = {product.sku: product for product in products()}["ELC-MAGNETIC-POWER-5000"]

    assert named.name_en == "Voltami Magnetic Power Bank 5000 mAh"
    assert named.page_name == "Voltami Magnetic Power Bank 5000 mah"
