"""The whole loop: what is low is bought once, what is recalled leaves the shelf, and the owner hears of it."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from graphs.jobs import fire
from graphs.report import report_of
from stocksense.domain.orders import OrderState, ProposalState
from stocksense.domain.recall import MatchState, RecallNotice
from stocksense.domain.reorder import Reason, decide
from stocksense.domain.stock import LocationKind
from stocksense.errors import SourceUnreachable, UnknownName
from stocksense.store import decisions, jobs, orders, outbox, proposals, recalls, stock
from stocksense.store.health import forecast_check
from stocksense.store.scope import scope_of
from stocksense.store.shops import locations_of, update_policy
from stocksense.store.states import JobState

NOW = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)


def run(services, at=None):
    firing = fire(services, "replenish", at or services.clock())
    assert firing is not None
    assert firing.error == ""
    return report_of(services, firing.run_id, firing.failures, "en")


def test_every_product_gets_a_reason(make_services):
    report = run(make_services())

    assert report.reasons == {Reason.ORDERED: 2, Reason.ENOUGH_STOCK: 2}


def test_what_is_low_is_bought_in_the_simulated_shop(make_services, shelf):
    report = run(make_services())

    assert {line.sku for line in report.orders} == {product.sku for product in shelf[:2]}
    assert {line.state for line in report.orders} == {OrderState.PLACED}
    assert all(line.page and line.total > 0 for line in report.orders)


def test_days_without_stock_are_noted_for_the_pages(make_services, shelf):
    services = make_services()
    with services.sessions.begin() as session:
        shop = services.shop(session)
        store = locations_of(session, shop.id, LocationKind.STORE)[0]
        empty = stock.Count(shelf[3].sku, store.id, 0, key="emptied")
        stock.correct_to_count(session, shop.id, empty, actor="owner", now=NOW)

    run(services)

    with services.sessions() as session:
        assert stock.stock_outs_known_to(session, shop.id) == services.today(session)


def test_the_first_run_also_tells_what_the_model_said_when_it_was_tried(make_services):
    services = make_services()
    run(services)

    with services.sessions() as session:
        scope = scope_of(session, services.shop(session).id)
        check = forecast_check(session, scope, date(2026, 11, 1), date(2026, 11, 14))

    assert (check.tried, {day.expected for day in check.days}) == (14, {4.0})


def test_the_next_run_orders_nothing_twice(make_services):
    services = make_services()
    run(services)

    again = run(services, NOW + timedelta(hours=1))

    assert again.orders == ()
    assert again.reasons[Reason.ON_ORDER] == 2


def test_what_was_approved_and_not_bought_is_bought_before_anything_is_decided(make_services):
    services = make_services()
    with services.sessions.begin() as session:
        shop = update_policy(session, services.shop(session).id, budget_per_order=Decimal(1))
    run(services)
    with services.sessions.begin() as session:
        waiting = proposals.proposals(session, shop.id, states=(ProposalState.PENDING,))
        for one in waiting:
            proposals.decide_proposal(session, one.id, digest=one.digest, approved=True, decided_by="owner", now=NOW)

    report = run(services, NOW + timedelta(hours=1))

    assert (report.failures, report.proposals) == ((), ())
    with services.sessions() as session:
        assert {line.state for line in orders.lines(session, shop.id)} == {OrderState.PLACED}
        assert report.reasons[Reason.ON_ORDER] == len(waiting) == 2


def test_an_order_above_the_cap_waits_for_the_owner(make_services):
    services = make_services()
    with services.sessions.begin() as session:
        update_policy(session, services.shop(session).id, budget_per_order=Decimal(1))

    report = run(services)

    assert report.orders == ()
    assert {proposal.state for proposal in report.proposals} == {ProposalState.PENDING}
    assert len(report.waiting) == 2


def test_a_new_run_proposes_anew_what_nobody_decided(make_services):
    services = make_services()
    with services.sessions.begin() as session:
        shop = update_policy(session, services.shop(session).id, budget_per_order=Decimal(1))
    run(services)

    run(services, NOW + timedelta(hours=1))

    with services.sessions() as session:
        states = [one.state for one in proposals.proposals(session, shop.id)]
    assert sorted(states) == [ProposalState.PENDING] * 2 + [ProposalState.SUPERSEDED] * 2


def test_the_budget_of_the_week_is_not_exceeded(make_services):
    services = make_services()
    with services.sessions.begin() as session:
        shop = update_policy(session, services.shop(session).id, budget_per_week=Decimal(40_000))

    report = run(services)

    with services.sessions() as session:
        made = decisions.decisions_of_run(session, shop.id, report.run_id)
    assert sum((one.decision.cost for one in made), Decimal(0)) <= 40_000
    assert Reason.OVER_BUDGET in report.reasons


def test_a_decision_can_be_recomputed_from_what_was_kept(make_services):
    services = make_services()
    report = run(services)

    with services.sessions() as session:
        made = decisions.decisions_of_run(session, services.shop(session).id, report.run_id)

    assert all(decide(one.decision.situation) == one.decision for one in made)


def test_a_recalled_barcode_leaves_the_shelf_and_is_not_ordered(make_services, recall_feed, shelf):
    notice = RecallNotice("feed", "R-1", "음료", barcodes=(shelf[0].barcode,), published_on=NOW.date())
    services = make_services(recall_sources=(recall_feed((notice,)),))

    report = run(services)

    with services.sessions() as session:
        level = stock.level_of(session, services.shop(session).id, shelf[0].sku)
    assert (level.on_hand, level.quarantined) == (0, 2)
    assert report.reasons[Reason.RECALLED] == 1
    assert [line.sku for line in report.orders] == [shelf[1].sku]


def test_a_name_alone_recalls_nothing(make_services, recall_feed, shelf):
    notice = RecallNotice("feed", "R-1", shelf[0].name_ko, brand=shelf[0].brand_ko, published_on=NOW.date())
    services = make_services(recall_sources=(recall_feed((notice,)),))

    report = run(services)

    assert report.recalls == ()


def test_a_feed_that_does_not_answer_is_named_and_the_rest_goes_on(make_services, recall_feed):
    feed = recall_feed(failure=SourceUnreachable("SafetyKorea did not answer"))

    report = run(make_services(recall_sources=(feed,)))

    assert report.failures == ("SafetyKorea did not answer",)
    assert len(report.orders) == 2


def test_what_trends_is_proposed_as_a_trial_that_no_policy_approves(make_services, rank_list, shelf):
    plenty = shelf[3]

    report = run(make_services(trend_sources=(rank_list(plenty.name_ko),)))

    (trial,) = report.waiting
    assert (trial.sku, trial.quantity) == (plenty.sku, plenty.pack_size)
    assert plenty.name_ko in trial.reason


def test_the_owner_gets_one_letter_a_run_with_the_orders_in_it(make_services, shelf):
    services = make_services()
    run(services)

    with services.sessions() as session:
        (letter,) = outbox.mails(session, services.shop(session).id)

    assert "2 ordered" in letter.subject
    assert all(product.name_en in letter.text for product in shelf[:2])
    assert services.notifier.emptied == 1


def test_a_product_name_cannot_put_markup_into_a_letter(make_services, shelf):
    from dataclasses import replace

    from stocksense.store.products import NewProduct, product_of, save_products

    services = make_services()
    with services.sessions.begin() as session:
        shop_id = services.shop(session).id
        known = product_of(session, shop_id, shelf[0].sku)
        named = NewProduct(known.sku, "<b>x</b>", "<script>alert(1)</script>", known.gtin, request=known.request)
        save_products(session, shop_id, [replace(named, category=known.category)], now=NOW)
    run(services)

    with services.sessions() as session:
        (letter,) = outbox.mails(session, shop_id)

    assert "<script>" not in letter.html
    assert "&lt;script&gt;" in letter.html


def test_an_instant_is_fired_once(make_services):
    services = make_services()

    assert fire(services, "recall_sweep", NOW) is not None
    assert fire(services, "recall_sweep", NOW) is None


def test_a_job_that_breaks_is_kept_with_its_traceback(make_services, recall_feed):
    services = make_services(recall_sources=(recall_feed(failure=RuntimeError("a bug of ours")),))

    firing = fire(services, "recall_sweep", NOW)

    assert firing is not None
    assert firing.error == "RuntimeError: a bug of ours"
    with services.sessions() as session:
        kept = jobs.run_of(session, firing.run_id)
    assert kept.state is JobState.FAILED
    assert "Traceback" in kept.error


def test_an_unknown_job_is_refused_with_those_that_there_are(make_services):
    with pytest.raises(UnknownName, match="replenish, recall_sweep, trend_report, morning_brief"):
        fire(make_services(), "tea_time", NOW)


@pytest.mark.parametrize(("name", "subject"), [("morning_brief", "morning brief"), ("trend_report", "rising")])
def test_brief_and_trend_report_are_letters(make_services, rank_list, name, subject):
    services = make_services(trend_sources=(rank_list("콜라"),))

    fire(services, name, NOW)

    with services.sessions() as session:
        (letter,) = outbox.mails(session, services.shop(session).id)
    assert subject in letter.subject


def test_released_goods_are_on_sale_again(make_services, recall_feed, shelf):
    from stocksense.store.quarantine import settle_match

    notice = RecallNotice("feed", "R-1", "음료", barcodes=(shelf[2].barcode,), published_on=NOW.date())
    services = make_services(recall_sources=(recall_feed((notice,)),))
    fire(services, "recall_sweep", NOW)

    with services.sessions.begin() as session:
        shop_id = services.shop(session).id
        (match,) = recalls.matches(session, shop_id, states=(MatchState.QUARANTINED,))
        settle_match(session, match.id, MatchState.RELEASED, decided_by="owner", now=NOW)

    with services.sessions() as session:
        level = stock.level_of(session, shop_id, shelf[2].sku)
        assert (level.on_hand, level.quarantined) == (620, 0)
        assert orders.on_order(session, shop_id) == {}


def test_nobody_asked_is_told_apart_from_nothing_found(make_services, recall_feed):
    services = make_services(recall_sources=(recall_feed(),))
    report = run(services)

    with services.sessions() as session:
        (letter,) = outbox.mails(session, services.shop(session).id)

    assert (report.recall_sources, report.trend_sources) == (("feed",), ())
    assert "Recalls\nNone." in letter.text
    assert "Rising searches\nNot asked: no source is set up." in letter.text
