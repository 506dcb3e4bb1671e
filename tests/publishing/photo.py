"""A picture that is as hard to encode as a photograph: soft shades, texture, edges and grain."""

import random

from PIL import Image, ImageChops, ImageDraw, ImageFilter


def photo_like(size: tuple[int, int], *, grain: int = 12) -> Image.Image:
    """Return the same picture for the same numbers, but for its grain, which is never the same."""
    dice = random.Random(1)  # noqa: S311  (nothing is kept secret with it)
    bands = [_clouds(size, dice) for _ in range(3)]
    # What photographs have in common: the colours of a place are close to each other.
    bands[1:] = [ImageChops.add(band, bands[0], scale=2) for band in bands[1:]]
    picture = Image.merge("RGB", bands)
    _draw_things(picture, dice)
    picture = picture.filter(ImageFilter.GaussianBlur(1))
    noise = Image.merge("RGB", [Image.effect_noise(size, grain) for _ in range(3)])
    return ImageChops.add(picture, noise, offset=-128)


def _clouds(size: tuple[int, int], dice: random.Random) -> Image.Image:
    clouds = Image.new("L", size, 128)
    weight = 0.9
    for octave in range(2, 10):
        across = 2**octave
        dots = (across, across * 3 // 4)
        layer = Image.frombytes("L", dots, dice.randbytes(dots[0] * dots[1]))
        layer = layer.resize(size, Image.Resampling.BICUBIC)
        clouds = Image.blend(clouds, layer, weight)
        weight = 0.5 * weight if octave > 2 else 0.27
    return clouds


def _draw_things(picture: Image.Image, dice: random.Random) -> None:
    width, height = picture.size
    pen = ImageDraw.Draw(picture)
    for _ in range(40):
        left, top, side = (
            dice.randrange(width),
            dice.randrange(height),
            dice.randrange(20, width // 8),
        )
        colour = (dice.randrange(40, 220), dice.randrange(40, 220), dice.randrange(40, 220))
        shape = dice.choice([pen.ellipse, pen.rectangle])
        shape((left, top, left + side, top + side), fill=colour)
        end = (left + dice.randrange(-side, side), top + dice.randrange(-side, side))
        pen.line((left, top, *end), fill=colour[::-1], width=max(1, width // 800))
