"""Every error that StockSense raises on purpose, as one tree.

    StockSenseError
    ├── Mendable                 the caller, a person or a model, can put it right and try again
    │   ├── BadValue             an argument outside its range or of the wrong form
    │   ├── UnknownName          nothing of that name: a SKU, a location, an order, a job ...
    │   │   └── UnknownSku
    │   ├── NotEnoughStock       a move would take more units than there are
    │   ├── IllegalStep          a state that cannot follow the present one
    │   │   └── AlreadyProposed  a product that is proposed already: decide on that proposal
    │   ├── NotApproved          no approval covers exactly this
    │   └── BadImport            a file that cannot be read as asked
    ├── BadSetting               an environment variable with a value that cannot be used
    ├── BadTool                  a developer's tool without types or docstring
    ├── BadModelFile             a saved forecaster that is damaged, foreign or of another version
    ├── NotInstalled             an optional package is missing
    ├── StoreUnavailable         the database cannot be reached, or its tables are not up to date
    ├── SourceUnreachable        an outside source did not answer: not the same as "nothing found"
    ├── SourceUnreadable         an outside source answered in a form that we do not know
    ├── ModelUnavailable         the chat model did not answer
    ├── WorkerLost               a process that worked for us ended before its work was done
    └── MailUndelivered          a mail server refused, or did not answer

A message says what was wrong, with the value, and what to do. Models read it too. What an owner can meet says the same
in Korean (`in_korean`).
"""

KINDS_IN_KOREAN = {
    "category": "분류",
    "change of stock": "재고 변경",
    "conversation": "대화",
    "decision": "판단",
    "episode": "기록",
    "forecast": "예측",
    "job": "작업",
    "lesson": "배운 것",
    "location": "지점",
    "mail": "메일",
    "order line": "주문",
    "person": "사람",
    "product": "상품",
    "proposal": "제안",
    "recall match": "리콜 건",
    "run of a job": "실행",
    "shop": "매장",
    "store": "지점",
    "supplier": "공급처",
    "table": "표",
    "walk of the buyer": "구매 과정",
}
"""What can be unknown by name, in Korean."""


class StockSenseError(Exception):
    """The root: catch it to catch everything that we raise on purpose. `in_korean` is empty where nobody wrote it."""

    def __init__(self, message: object = "", *, in_korean: str = "") -> None:
        super().__init__(message)
        self.in_korean = in_korean

    def told(self, language: str) -> str:
        """The message in a language (`ko` or `en`), in English where there is no Korean one."""
        return self.in_korean if language == "ko" and self.in_korean else str(self)


class Mendable(StockSenseError):
    """Something the caller can put right; agents get it back as a tool message."""


class BadValue(Mendable, ValueError):
    """An argument outside its range or of the wrong form."""


class UnknownName(Mendable):
    """Nothing of that name exists; `remedy` and `in_korean` say what to do."""

    def __init__(self, kind: str, name: object, remedy: str, *, in_korean: str = "") -> None:
        korean = KINDS_IN_KOREAN.get(kind, "")
        told = f"'{name}'(이)라는 {korean}{_particle(korean)} 없습니다. {in_korean}".strip() if korean else ""
        super().__init__(f"no {kind} is called {name!r}; {remedy}", in_korean=told)
        self.kind = kind
        self.name = name


def _particle(noun: str) -> str:
    """The Korean particle of a subject: by whether the noun ends in a consonant."""
    return "이" if (ord(noun[-1]) - ord("가")) % 28 else "가"


class UnknownSku(UnknownName):
    """No product has that SKU; `closest` are SKUs that may have been meant."""

    def __init__(self, sku: str, closest: tuple[str, ...] = ()) -> None:
        meant = f"did you mean {', '.join(closest)}? " if closest else ""
        korean = f"혹시 이것인가요? {', '.join(closest)}" if closest else ""
        super().__init__("product", sku, f"{meant}list products with find_products", in_korean=korean)
        self.closest = closest


class NotEnoughStock(Mendable):
    """A move would take more units from a location than it holds."""


class IllegalStep(Mendable):
    """A state that cannot follow the present one."""


class AlreadyProposed(IllegalStep):
    """A product whose purchase is proposed already; `proposal` is the number of that proposal."""

    def __init__(self, sku: str, proposal: int, state: str) -> None:
        super().__init__(
            f"{sku} is proposed already (proposal {proposal}, {state}); decide on that one",
            in_korean=f"{sku}은(는) 이미 제안되어 있습니다(제안 {proposal}). 그것을 먼저 결정하세요.",
        )
        self.proposal = proposal


class NotApproved(Mendable):
    """No approval covers exactly what is about to be done."""


class BadImport(Mendable):
    """A file that cannot be read as asked; the message names file, row, field and remedy."""


class BadSetting(StockSenseError):
    """An environment variable with a value that cannot be used."""


class BadTool(StockSenseError):
    """A tool function without the types or the docstring from which its schema is derived."""


class BadModelFile(StockSenseError):
    """A saved forecaster that is damaged, of another make or of another version."""


class NotInstalled(StockSenseError):
    """An optional package is missing; the message holds the command that installs it."""


class StoreUnavailable(StockSenseError):
    """The database cannot be reached, or its tables are not up to date."""


class SourceUnreachable(StockSenseError):
    """An outside source did not answer, which is not the same as having nothing to tell."""


class SourceUnreadable(StockSenseError):
    """An outside source answered in a form that we do not know."""


class ModelUnavailable(StockSenseError):
    """The chat model did not answer, or refused the key."""


class WorkerLost(StockSenseError):
    """A process that worked for us ended before its work was done."""


class MailUndelivered(StockSenseError):
    """A mail server refused a message, or did not answer."""
