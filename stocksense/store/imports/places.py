"""Which of the shop's locations a row is about."""

from __future__ import annotations

from collections.abc import Sequence

from stocksense.store.imports.headers import fold
from stocksense.store.imports.kinds import Field
from stocksense.store.imports.problems import unreadable
from stocksense.store.imports.sheet import Row, Sheet
from stocksense.store.imports.wording import Fault
from stocksense.store.shops import LocationInfo


class Places:
    """The locations that sell; a row that names none is about `default`, or about the only one."""

    def __init__(self, stores: Sequence[LocationInfo], default: str | None) -> None:
        self._by_name = {fold(store.name): store for store in stores}
        self.names = ", ".join(store.name for store in stores)
        self._default = self.named(default) if default else stores[0] if len(stores) == 1 else None
        self._wanted = default

    def named(self, name: str) -> LocationInfo | None:
        """The location of that name, ignoring case and spaces."""
        return self._by_name.get(fold(name))

    def check(self, sheet: Sheet) -> None:
        """Raise BadImport if the sheet doesn't say where its rows belong and nobody else did either."""
        silent = not sheet.has(Field.LOCATION) and not sheet.header.locations
        if self._default is None and (silent or self._wanted):
            raise unreadable(sheet.file, Fault.WHICH_LOCATION, value=self._wanted or "", hint=self.names)

    def of(self, row: Row) -> LocationInfo | None:
        """The row's location, or None with a problem noted."""
        name = row.text(Field.LOCATION)
        place = self.named(name) if name else self._default
        if place is None:
            row.note(Field.LOCATION, Fault.UNKNOWN_LOCATION if name else Fault.EMPTY, hint=self.names)
        return place
