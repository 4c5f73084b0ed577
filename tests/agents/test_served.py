"""Models behind a server: every way in which a server may answer."""

import pytest

from agents.model import chat_model, model_name
from agents.offline import OfflineModel
from stocksense.errors import ModelUnavailable
from stocksense.settings import Settings


def test_without_key_and_server_the_model_is_the_offline_one():
    assert isinstance(chat_model(Settings()), OfflineModel)
    assert model_name(Settings()) == "offline, rule-based"


def test_with_a_key_upstage_is_asked_by_the_name_of_the_settings(upstage, text):
    upstage.says(text("안녕하세요"))

    answer = chat_model(upstage.settings(model="solar-pro4")).invoke("안녕?")

    assert answer.content == "안녕하세요"
    assert upstage.asked[0]["model"] == "solar-pro4"
    assert upstage.headers_seen[0]["authorization"] == "Bearer up_secret_of_ours"
    assert upstage.headers_seen[0]["x-upstage-client"] == "langchain"


def test_a_server_by_url_comes_before_upstage_and_needs_no_key(upstage, text):
    upstage.says(text("hello"))
    settings = Settings(model_base_url=upstage.url, model="local", upstage_api_base="http://127.0.0.1:9")

    assert chat_model(settings).invoke("hi").content == "hello"
    assert upstage.asked[0]["model"] == "local"


def test_parallel_tool_calls_are_read(upstage, calls):
    upstage.says(calls(("check_stock", {"product": "A"}), ("open_orders", {})))

    answer = chat_model(upstage.settings()).invoke("hi")

    assert [(call["name"], call["args"]) for call in answer.tool_calls] == [
        ("check_stock", {"product": "A"}),
        ("open_orders", {}),
    ]


def test_a_streamed_answer_arrives_in_pieces(upstage, chunks):
    upstage.says(chunks("재고는 ", "3개", "입니다"))

    pieces = [chunk.content for chunk in chat_model(upstage.settings()).stream("hi") if chunk.content]

    assert pieces == ["재고는 ", "3개", "입니다"]
    assert upstage.asked[0]["stream_options"] == {"include_usage": True}


async def test_a_streamed_answer_arrives_in_pieces_while_others_wait(upstage, chunks):
    upstage.says(chunks("a", "b"))

    assert [c.content async for c in chat_model(upstage.settings()).astream("hi") if c.content] == ["a", "b"]


def test_a_busy_server_is_asked_again_after_the_seconds_it_names(upstage, served, text):
    upstage.says(served({"error": "busy"}, 429, {"Retry-After": "0.05"}), served(text("now")))

    assert chat_model(upstage.settings()).invoke("hi").content == "now"
    assert len(upstage.asked) == 2


def test_a_server_that_stays_busy_is_given_up_with_the_way_out(upstage, served):
    upstage.says(served({"error": "busy"}, 429, {"Retry-After": "0.01"}))

    with pytest.raises(ModelUnavailable, match=r"busy \(429\) after 2 retries; wait, or raise"):
        chat_model(upstage.settings(model_retries=2)).invoke("hi")
    assert len(upstage.asked) == 3


def test_a_refused_key_names_its_variable_and_not_the_key(upstage, served):
    upstage.says(served({"error": {"message": "bad key up_secret_of_ours"}}, 401))

    with pytest.raises(ModelUnavailable, match="UPSTAGE_API_KEY") as caught:
        chat_model(upstage.settings()).invoke("hi")
    assert "up_secret_of_ours" not in str(caught.value)


@pytest.mark.parametrize(
    ("status", "body", "said"),
    [
        (500, {"error": "down"}, "status 500 after 0 retries"),
        (404, {"error": "no such model"}, "knows no model 'solar-pro4'; check STOCKSENSE_MODEL"),
        (400, {"error": "bad"}, "status 400"),
        (200, "<html>login</html>", "form that is not OpenAI's"),
        (200, '{"choices": [{"mess', "form that is not OpenAI's"),
        (200, {"choices": None}, "form that is not OpenAI's"),
        (200, {"object": "chat.completion"}, "form that is not OpenAI's"),
    ],
)
def test_what_cannot_be_used_is_explained(upstage, served, status, body, said):
    upstage.says(served(body, status))

    with pytest.raises(ModelUnavailable, match=said):
        chat_model(upstage.settings(model_retries=0)).invoke("hi")


def test_a_silent_server_is_given_up_after_the_timeout(upstage, served, text):
    upstage.says(served(text("late"), seconds=0.5))

    with pytest.raises(ModelUnavailable, match=r"within 0.1 s; raise STOCKSENSE_MODEL_TIMEOUT_SECONDS"):
        chat_model(upstage.settings(model_timeout_seconds=0.1, model_retries=0)).invoke("hi")


def test_a_server_that_is_not_there_is_told_apart_from_a_busy_one():
    settings = Settings(model_base_url="http://127.0.0.1:9/v1", model_retries=0)

    with pytest.raises(ModelUnavailable, match="cannot be reached"):
        chat_model(settings).invoke("hi")


async def test_a_stream_that_breaks_is_explained(upstage, served):
    upstage.says(served("data: {broken\n\n", headers={"Content-Type": "text/event-stream"}))

    with pytest.raises(ModelUnavailable):
        [chunk async for chunk in chat_model(upstage.settings(model_retries=0)).astream("hi")]
