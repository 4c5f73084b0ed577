"""The card of a proposal speaks its reader's language, whichever the run spoke."""

import pytest

from agents.offline import OfflineModel
from graphs.supervisor import ask
from stocksense.domain.orders import ProposalState
from stocksense.store.proposals import live_proposals, proposals
from stocksense.store.states import Role
from stocksense.store.users import Person
from tools.orders import list_proposals, propose_purchase
from ui.conversation.cards import proposals_named
from ui.proposal_card import card_of
from ui.wording import Words

OWNER = Person(1, "owner@example.com", "Hana", Role.OWNER, "ko")


def card(services, number, language):
    with services.sessions() as session:
        return card_of(session, number, person=OWNER, say=Words(language))


@pytest.mark.parametrize(("language", "told"), [("ko", "재주문점"), ("en", "reorder point")])
def test_a_card_says_why_in_the_reader_s_language(read_only_corner, language, told):
    with read_only_corner.sessions() as session:
        decided = [one for one in proposals(session, 1, states=(ProposalState.PENDING,)) if one.decision_id]

    assert decided
    assert all(told in card(read_only_corner, one.id, language).reason for one in decided)


def test_what_was_asked_for_in_the_chat_is_told_in_both_languages(sqlite_corner):
    made = propose_purchase(sqlite_corner, "구름우유", 12)

    assert card(sqlite_corner, made.id, "ko").reason == "대화에서 12개를 요청했습니다."
    assert card(sqlite_corner, made.id, "en").reason == "12 units were asked for in the chat."
    assert (made.reason_ko[:2], made.reason_en[:5]) == ("대화", "Asked")


def test_a_list_of_proposals_tells_each_reason_in_both_languages(read_only_corner):
    rows = [row for row in list_proposals(read_only_corner).proposals if "reorder point" in row.reason_en]

    assert rows
    assert all("재주문점" in row.reason_ko for row in rows)


async def test_what_is_proposed_already_is_refused_with_the_card_of_that_proposal(sqlite_corner):
    with sqlite_corner.sessions() as session:
        waiting = live_proposals(session, 1, ["DRK-1"])

    answer = await ask(sqlite_corner, OfflineModel(), "DRK-1 12개 주문해 줘")

    assert "이미 제안되어 있습니다" in answer.text
    assert proposals_named(answer.steps) == (waiting["DRK-1"],)
