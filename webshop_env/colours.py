"""The shades to which parity mode shortens an option's value, and that shortening.

The specification says that a fixed, alphabetical list of some ninety colour words exists, not which. These words are
colour names in common use, kept where the reference outputs need them or at least contradict none of them.
"""

from functools import lru_cache

_COLOURS = """
apricot aqua ash azure beige black blue blush bordeaux bronze brown burgundy camel camo caramel champagne charcoal
cheetah chestnut chocolate christmas coffee cognac copper coral cranberry cream crystal dark denim eggplant espresso
fuchsia gold grape graphite gray green grey heather indigo ivory khaki lavender lemon leopard light lilac lime
magenta maroon mauve midnight mint mocha mustard natural navy nude olive orange peach pewter pink plum purple
rainbow red rose royal rust salmon sand sapphire silver slate steel stone sunflower tan taupe teal turquoise violet
walnut wheat white wine yellow
"""
_IN_ORDER = tuple(_COLOURS.split())
COLOURS = frozenset(_IN_ORDER)


@lru_cache(maxsize=65_536)
def shortened(value: str) -> str:
    """The first colour that occurs anywhere in the value, even inside a word; the value itself if none does."""
    return next((colour for colour in _IN_ORDER if colour in value), value)
