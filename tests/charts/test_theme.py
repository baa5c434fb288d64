"""The colours: seen against their ground in both themes, and told apart by those who see fewer of them."""

import itertools
import math
import re

import pytest

from monitor.charts import theme

LIGHT, DARK = 0, 1
# Machado, Oliveira and Fernandes 2009, the severest form of each weakness; the first is normal sight.
SIGHT = {
    "all": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "red": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "green": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
    "blue": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900)),
}
Colour = tuple[float, float, float]


def linear(code: str) -> Colour:
    parts = [int(code[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return red, green, blue


def contrast(one: str, other: str) -> float:
    first, second = (
        sum(w * c for w, c in zip((0.2126, 0.7152, 0.0722), linear(code), strict=True)) for code in (one, other)
    )
    return (max(first, second) + 0.05) / (min(first, second) + 0.05)


def seen(code: str, sight: str) -> Colour:
    """Return a colour in OKLab (Ottosson 2020) as somebody with this sight sees it."""
    red, green, blue = (
        min(1.0, max(0.0, sum(w * c for w, c in zip(row, linear(code), strict=True)))) for row in SIGHT[sight]
    )
    long = math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue)
    middle = math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue)
    short = math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue)
    return (
        0.2104542553 * long + 0.7936177850 * middle - 0.0040720468 * short,
        1.9779984951 * long - 2.4285922050 * middle + 0.4505937099 * short,
        0.0259040371 * long + 0.7827717662 * middle - 0.8086757660 * short,
    )


@pytest.mark.parametrize("which", [LIGHT, DARK])
@pytest.mark.parametrize(
    "name", [*theme.RULES, *theme.HEAT, "others", "mark", "bar", "quiet", "single", "corroborated", "surge"]
)
def test_a_shape_is_seen_against_the_page(name: str, which: int) -> None:
    assert contrast(theme.COLOURS[name][which], theme.COLOURS["surface"][which]) >= 3


@pytest.mark.parametrize("which", [LIGHT, DARK])
@pytest.mark.parametrize("name", ["ink", "soft", "quiet", "single", "corroborated", "surge"])
def test_a_text_is_read_on_the_page(name: str, which: int) -> None:
    assert contrast(theme.COLOURS[name][which], theme.COLOURS["surface"][which]) >= 4.5


@pytest.mark.parametrize("which", [LIGHT, DARK])
@pytest.mark.parametrize("ground", ["land", "sea", *theme.AREAS])
def test_places_and_names_are_seen_on_the_map(ground: str, which: int) -> None:
    lies = theme.COLOURS[ground][which]
    assert contrast(theme.COLOURS["ink"][which], lies) >= 4.5
    edge, disc = theme.COLOURS["surface"][which], theme.COLOURS["mark"][which]
    assert max(contrast(disc, lies), min(contrast(edge, lies), contrast(disc, edge))) >= 2.3
    assert contrast(disc, edge) >= 3


@pytest.mark.parametrize("which", [LIGHT, DARK])
@pytest.mark.parametrize("sight", SIGHT)
def test_rules_are_told_apart_by_everybody(sight: str, which: int) -> None:
    colours = [seen(theme.COLOURS[name][which], sight) for name in theme.RULES]
    assert min(math.dist(one, other) for one, other in itertools.combinations(colours, 2)) > 0.1


@pytest.mark.parametrize("which", [LIGHT, DARK])
@pytest.mark.parametrize("scale", [theme.HEAT, theme.AREAS])
def test_a_scale_grows_in_one_direction(scale: tuple[str, ...], which: int) -> None:
    light = [seen(theme.COLOURS[name][which], "all")[0] for name in scale]
    steps = [abs(after - before) for before, after in itertools.pairwise(light)]
    assert light == sorted(light, reverse=which == LIGHT)
    assert min(steps) > 0.03


def test_the_style_sheet_sets_every_class_in_both_ways_of_being_dark() -> None:
    sheet = theme.stylesheet()
    for name, (_, dark) in theme.COLOURS.items():
        assert len(re.findall(rf"\.f-{name}\{{fill:{dark}\}}", sheet)) == 2
        assert len(re.findall(rf"\.s-{name}\{{stroke:{dark}\}}", sheet)) == 2
    assert sheet.count("{") == sheet.count("}")
