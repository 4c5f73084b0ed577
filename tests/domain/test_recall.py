"""Which recall notices touch a product, and which only look like it."""

import pytest

from stocksense.domain.recall import Certainty, RecallableProduct, RecallNotice, match_recall, split_models

POWER_BANK = RecallableProduct("PB-10000", ("보조배터리 10000",), "8809000000017", "루멘", "LM-PB10")
NOTICE = RecallNotice("safetykorea", "1", "휴대용 보조배터리", brand="루멘", models=("LM-PB10",))


def test_the_same_barcode_is_certain():
    notice = RecallNotice("safetykorea", "1", "anything", barcodes=("8809000000017",))

    match = match_recall(notice, POWER_BANK)

    assert match is not None
    assert match.certainty is Certainty.CERTAIN


def test_brand_and_model_together_are_likely():
    match = match_recall(NOTICE, POWER_BANK)

    assert match is not None
    assert match.certainty is Certainty.LIKELY


def test_another_barcode_means_another_product():
    notice = RecallNotice("s", "1", "보조배터리", brand="루멘", models=("LM-PB10",), barcodes=("8809000000024",))

    assert match_recall(notice, POWER_BANK) is None


def test_spaces_dashes_and_width_do_not_hide_a_model():
    notice = RecallNotice("s", "1", "보조배터리", models=("ＬＭ　PB 10",))  # full-width letters and space

    assert match_recall(notice, POWER_BANK) is not None


@pytest.mark.parametrize(
    "notice",
    [
        RecallNotice("s", "1", "보조배터리 10000", brand="루멘"),
        RecallNotice("s", "1", "보조배터리", brand="루멘", models=("LM-PB20",)),
        RecallNotice("s", "1", "물총", models=("물총",)),
    ],
)
def test_a_name_or_a_foreign_model_confirms_nothing(notice):
    assert match_recall(notice, POWER_BANK) is None


def test_a_generic_model_never_confirms_alone():
    water_gun = RecallableProduct("WG", ("물총",), model="물총", brand="파랑")

    assert match_recall(RecallNotice("s", "1", "물총", models=("물총",), brand="빨강"), water_gun) is None


@pytest.mark.parametrize(
    ("text", "models"),
    [
        ("A / B / C", ("A", "B", "C")),
        ("(제품명) VA-111, VA-112", ("VA-111", "VA-112")),
        ("-", ()),
        ("null", ()),
        ("", ()),
    ],
)
def test_models_are_read_from_lists(text, models):
    assert split_models(text) == models
