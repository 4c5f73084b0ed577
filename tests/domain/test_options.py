"""Options are called by their names in the reader's language; what the shop calls otherwise stays as it is."""

from stocksense.domain.options import option_name


def test_the_name_of_an_option_is_told_in_the_reader_s_language():
    assert (option_name("flavor", "ko"), option_name("Flavor", "ko"), option_name("flavor", "en")) == (
        "맛",
        "맛",
        "flavor",
    )


def test_an_option_that_nobody_translated_keeps_its_name():
    assert option_name("굽기", "ko") == "굽기"
