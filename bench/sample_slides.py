"""The slides of the sample recording, drawn with Pillow and the app's own fonts."""

from collections.abc import Sequence
from functools import cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

FONTS = Path(__file__).resolve().parent.parent / "static" / "vendor" / "fonts"
SIZE = (1280, 720)
LEFT, TOP, WIDTH = 96, 84, 1088
PAPER, INK, SOFT, LINE = "#fbf8f2", "#23201c", "#6d665c", "#ddd5c7"
ACCENT, PALE = "#b4532a", "#ecd9c9"


@cache
def font(family: str, size: int, weight: int) -> ImageFont.FreeTypeFont:
    """One of the app's own variable fonts."""
    face = ImageFont.truetype(FONTS / f"{family}-latin-wght-normal.woff2", size)
    face.set_variation_by_axes([weight])
    return face


def serif(size: int, weight: int = 600) -> ImageFont.FreeTypeFont:
    return font("literata", size, weight)


def sans(size: int, weight: int = 400) -> ImageFont.FreeTypeFont:
    return font("inter", size, weight)


class Slide:
    """One slide: a sheet with a heading, to which pieces are added from top to bottom."""

    def __init__(self, heading: str = "", number: int = 0, of: int = 0) -> None:
        self.image = Image.new("RGB", SIZE, PAPER)
        self.draw = ImageDraw.Draw(self.image)
        self.draw.rectangle((0, 0, 10, SIZE[1]), fill=ACCENT)
        if heading:
            self.draw.text((LEFT, TOP), heading, INK, serif(54))
            foot = "A release in an hour"
            self.draw.text((LEFT, 664), foot, SOFT, sans(18), anchor="lm")
            self.draw.text((LEFT + WIDTH, 664), f"{number} / {of}", SOFT, sans(18), anchor="rm")

    def text(
        self, y: int, words: str, size: int = 30, weight: int = 400, fill: str = INK, x: int = LEFT
    ) -> None:
        self.draw.text((x, y), words, fill, sans(size, weight))

    def points(self, y: int, points: Sequence[tuple[str, str]], step: int = 120) -> None:
        """Numbered points, each with a line below it."""
        for n, (head, line) in enumerate(points, 1):
            self.draw.ellipse((LEFT, y, LEFT + 56, y + 56), fill=PALE)
            self.draw.text((LEFT + 28, y + 29), str(n), ACCENT, sans(26, 700), anchor="mm")
            self.text(y - 4, head, 32, 600, x=LEFT + 88)
            self.text(y + 40, line, 24, fill=SOFT, x=LEFT + 88)
            y += step

    def bars(self, y: int, bars: Sequence[tuple[str, float, str]], strong: int = 0) -> None:
        """Horizontal bars: label, share of the full width (0 to 1), text at its end."""
        for n, (label, share, end) in enumerate(bars):
            self.text(y + 14, label, 26)
            x, length = LEFT + 260, max(6, round(share * 640))
            fill = ACCENT if n == strong else PALE
            self.draw.rounded_rectangle((x, y, x + length, y + 60), 8, fill=fill)
            self.text(y + 14, end, 26, 600, ACCENT if n == strong else SOFT, x + length + 20)
            y += 92

    def figures(self, y: int, figures: Sequence[tuple[str, str]]) -> None:
        """Large figures side by side, each with a caption."""
        step = WIDTH // len(figures)
        for n, (figure, caption) in enumerate(figures):
            x = LEFT + n * step
            self.draw.text((x, y), figure, ACCENT, serif(112, 500))
            self.text(y + 150, caption, 26, fill=SOFT, x=x)
            if n:
                self.draw.line((x - 40, y + 24, x - 40, y + 180), LINE, 2)

    def boxes(self, y: int, boxes: Sequence[str], strong: int) -> None:
        """A chain of boxes with arrows between them."""
        gap, count = 44, len(boxes)
        width = (WIDTH - gap * (count - 1)) // count
        for n, label in enumerate(boxes):
            x = LEFT + n * (width + gap)
            colours = (ACCENT, "#ffffff") if n == strong else (PALE, INK)
            self.draw.rounded_rectangle((x, y, x + width, y + 104), 14, fill=colours[0])
            self.draw.text((x + width // 2, y + 52), label, colours[1], sans(26, 600), anchor="mm")
            if n:
                self.draw.line((x - gap + 8, y + 52, x - 12, y + 52), SOFT, 3)
                self.draw.polygon([(x - 8, y + 52), (x - 20, y + 45), (x - 20, y + 59)], fill=SOFT)


def all_slides() -> list[Image.Image]:
    """The seven slides in the order of the talk."""
    title = Slide()
    title.text(220, "RELEASE ENGINEERING", 22, 600, ACCENT)
    title.draw.text((LEFT - 3, 262), "Why our release took a day,", INK, serif(70))
    title.draw.text((LEFT - 3, 350), "and how we made it an hour", INK, serif(70))
    title.text(470, "What we measured, what we changed, and what we would do first", 28, fill=SOFT)

    day = Slide("The day-long release", 2, 7)
    day.figures(
        236,
        [("11", "hours, start to end"), ("42", "steps on a checklist"), ("3", "people in a room")],
    )
    day.text(520, "Every team became afraid to change anything.", 32, 500)

    waits = Slide("Where the day went", 3, 7)
    bars = [("Approval by email", 0.70, "70 %"), ("Copying files", 0.16, "16 %")]
    waits.bars(218, [*bars, ("Building", 0.11, "11 %"), ("Tests", 0.03, "3 %")])
    waits.text(592, "Start and end of every step, written down for two weeks", 24, fill=SOFT)

    changes = Slide("Three changes", 4, 7)
    approval = ("Approval inside the code review", "Where people already look")
    build = ("Build the package once", "The same file in testing and in production")
    changes.points(
        216,
        [approval, build, ("A small robot runs the checklist", "It stops at the first surprise")],
        134,
    )

    back = Slide("Going back in two minutes", 5, 7)
    back.boxes(250, ["Release", "Watch", "Surprise?", "Roll back"], 3)
    back.text(430, "When going back is easy,", 40, 500)
    back.text(486, "going forward stops being scary.", 40, 500, ACCENT)

    today = Slide("A year later", 6, 7)
    today.figures(
        236, [("50", "minutes per release"), ("4", "releases every week"), ("½", "the errors")]
    )
    today.text(520, "Small releases are easier to understand than big ones.", 32, 500)

    advice = Slide("Start this month", 7, 7)
    slowest = ("Find the slowest step", "Measure the waiting before you buy a faster machine")
    time = ("Write down how long it takes", "A number, not a feeling")
    advice.points(216, [slowest, time, ("Fix that one step", "Then measure again")], 134)
    return [s.image for s in (title, day, waits, changes, back, today, advice)]
