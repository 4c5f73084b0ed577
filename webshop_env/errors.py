"""Every error that the simulated shop raises on purpose.

WebShopError
+-- BadCatalogFile    a file of products, attributes or instructions that cannot be read
+-- BadIndexFile      a saved search index or shelf of products that cannot be opened
+-- UnknownProduct    an asin which the catalogue does not hold
+-- UnknownGoal       a goal, suite or split which does not exist
+-- UnknownPage       an address at which the shop has no page
+-- EpisodeNotReady   a step before the first reset
+-- ShopUnreachable   the shop's server cannot be asked, or answers with an error
"""


class WebShopError(Exception):
    """Anything that the simulated shop refuses, with the value and the remedy in its message."""


class BadCatalogFile(WebShopError):
    """A catalogue file is missing, broken, or holds a field of the wrong form."""


class BadIndexFile(WebShopError):
    """A saved index is missing, incomplete, or of another version."""


class UnknownProduct(WebShopError):
    """No product has this asin."""


class UnknownGoal(WebShopError):
    """No such goal, goal suite or split."""


class UnknownPage(WebShopError):
    """The shop has no page at this address."""


class EpisodeNotReady(WebShopError):
    """The environment was stepped before it was reset."""


class ShopUnreachable(WebShopError):
    """The server of the shop did not answer, or answered with an error."""
