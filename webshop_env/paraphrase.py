"""Goals said in free words, as people write to a shop: the same wishes, another sentence each, in English or Korean.

Everything that the reward looks at is said: the kind of product, each attribute, each option's value and the price
cap. Which sentence a goal gets depends on the seed and the goal alone.
"""

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from webshop_env.goals import NO_CAP, Goal

Language = Literal["en", "ko"]


@dataclass(frozen=True, slots=True)
class Phrases:
    """How one language says the pieces of a wish. `shape` patterns join the pieces in their order."""

    things: Sequence[str]
    attributes: Sequence[str]
    joints: Sequence[str]
    caps: Sequence[str]
    options: Mapping[str, Sequence[str]]
    other_option: Sequence[str]
    no_thing: str


ENGLISH = Phrases(
    things=(
        "i'm looking for {}", "i would like to buy {}", "could you find {} for me?", "hi, do you sell {}?",
        "i want {}", "please help me pick {}", "my old one broke, so now i need {}", "searching for {}",
    ),
    attributes=(
        "it should be {}", "what matters to me is {}", "i care about {}", "must have: {}", "i'd like it {}",
        "only with {}, please",
    ),
    joints=(" and ", ", ", " as well as ", ", also "),
    caps=(
        "i can spend up to {} dollars", "it has to cost less than {} dollars", "under ${}, please",
        "my budget is {} dollars", "nothing dearer than {} dollars", "for {} dollars or less",
    ),
    options={
        "color": ("in {}", "the {} one", "color {}"),
        "colour": ("in {}", "the {} one", "colour {}"),
        "size": ("in size {}", "size {}", "i take size {}"),
        "style": ("{} style", "the style called {}"),
        "flavor name": ("with {} flavor", "{} is the flavor i like"),
        "flavor": ("with {} flavor", "{} is the flavor i like"),
        "scent": ("smelling of {}", "with the scent {}"),
        "fit type": ("{} fit", "cut for {}"),
    },
    other_option=("with {1} as {0}", "{0} {1}", "for {0} i choose {1}"),
    no_thing="something",
)  # fmt: skip
KOREAN = Phrases(
    things=(
        "{} 찾고 있어요", "{} 하나 사고 싶습니다", "{} 추천해 주세요", "혹시 {} 있나요?", "{} 필요해요",
        "쓰던 게 망가져서 {} 새로 사려고요", "{} 좀 골라 주세요",
    ),
    attributes=(
        "{} 제품이면 좋겠어요", "중요한 건 {}", "{} 조건은 꼭 맞아야 해요", "{} 되는 걸로요", "{} 위주로 봐 주세요",
    ),
    joints=(", ", " 그리고 ", " / ", " 하고 "),
    caps=(
        "가격은 {}달러 아래로요", "예산은 {}달러입니다", "{}달러보다 비싸면 안 돼요", "{}달러 이하로 부탁드려요",
        "{}달러까지 쓸 수 있어요",
    ),
    options={
        "color": ("색상은 {}", "{} 색으로", "색은 {} 원해요"),
        "size": ("사이즈는 {}", "{} 사이즈로", "크기는 {} 원해요"),
        "style": ("스타일은 {}", "{} 스타일로"),
        "flavor name": ("맛은 {}", "{} 맛으로"),
        "flavor": ("맛은 {}", "{} 맛으로"),
        "scent": ("향은 {}", "{} 향으로"),
        "fit type": ("핏은 {}", "{} 핏으로"),
    },
    other_option=("{0}: {1}", "{0} 항목은 {1}", "{0} {1} 선택"),
    no_thing="물건",
)  # fmt: skip
PHRASES: Mapping[Language, Phrases] = {"en": ENGLISH, "ko": KOREAN}
_ENDINGS = ".?!"


def paraphrase(goal: Goal, language: Language, rng: random.Random) -> str:
    """One goal's wish as a few short sentences."""
    phrases = PHRASES[language]
    pick: Callable[[Sequence[str]], str] = rng.choice
    thing = pick(phrases.things).format(goal.query or goal.name or phrases.no_thing)
    details = [_option(name, value, phrases, rng) for name, value in goal.options]
    if goal.attributes:
        wanted = list(goal.attributes)
        rng.shuffle(wanted)
        details.append(pick(phrases.attributes).format(_join(wanted, phrases, rng)))
    if goal.price_upper != NO_CAP:
        details.append(pick(phrases.caps).format(f"{goal.price_upper:g}"))
    rng.shuffle(details)
    sentences = [thing]
    while details:
        count = rng.randint(1, 2)
        sentences.append(", ".join(details[:count]))
        details = details[count:]
    return " ".join(text if text.endswith(tuple(_ENDINGS)) else f"{text}." for text in sentences)


def _option(name: str | None, value: str, phrases: Phrases, rng: random.Random) -> str:
    """How an option is wished for."""
    known = phrases.options.get(name or "")
    if known:
        return rng.choice(known).format(value)
    return rng.choice(phrases.other_option).format(name, value) if name else value


def _join(wanted: Sequence[str], phrases: Phrases, rng: random.Random) -> str:
    """The attributes one after the other, the last joined in one of the language's ways."""
    if len(wanted) == 1:
        return wanted[0]
    return ", ".join(wanted[:-1]) + rng.choice(phrases.joints) + wanted[-1]


def paraphrased(goals: Sequence[Goal], language: Language, *, seed: int) -> tuple[Goal, ...]:
    """The same goals in the same order, each said in free words drawn from the seed and the goal's place."""
    return tuple(
        replace(goal, instruction=paraphrase(goal, language, random.Random(f"{seed} {language} {index}")))
        for index, goal in enumerate(goals)
    )
