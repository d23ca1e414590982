"""Draws what bench/training.py measured, from its record alone: `python bench/training_plots.py JSON`. Needs Pillow only.

Bars of images per second, how busy the GPU was, and where the host and the device waited.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pictures import Canvas, draw_again

COLOURS = {
    "variegate": "#1f6f8b",
    "variegate-proxy": "#63a4b8",
    "dali": "#8a9a5b",
    "torch": "#c9893b",
    "synthetic": "#444444",
}
LABELS = {
    "torch": "torch DataLoader, Pillow",
    "dali": "DALI",
    "variegate": "Variegate",
    "variegate-proxy": "Variegate, proxy",
}


#: What the host does in a step, and what it looks like.
HOST = {"waits for data": "#b5493b", "launches": "#1f6f8b", "waits for the GPU": "#d8d8d8"}
DEVICE = {"decoding": "#7a5c99", "augmentation": "#1f6f8b", "copies": "#c9893b", "training": "#444444"}


def draw(record: dict[str, Any], place: Path) -> list[Path]:
    """Writes beside NAME.json NAME_throughput.png and, if the GPU was watched, _utilisation, _timeline and _profile; gives
    their paths."""
    turns = [t for all_ in record["threads"].values() for side in all_.values() for t in side]
    pictures = {"throughput": throughput}
    if any(t["utilisation"] for t in turns):
        pictures["utilisation"] = utilisation
    if any(t.get("timeline", {}).get("device") for t in turns):
        pictures["timeline"] = timeline
    if record.get("profile", {}).get("spans"):
        pictures["profile"] = profile
    return [
        picture(record).save(place.with_name(f"{place.stem}_{name}.png"))
        for name, picture in pictures.items()
    ]


def _title(canvas: Canvas, record: dict[str, Any], title: str) -> None:
    canvas.text(20, 14, title, 16)
    what = f"{record['model']}, {record['augmentation']}, batch {record['batch']}, {record['size']} pixels"
    detail = f"{what}, {record['gpu'] or record['machine']['processor']}"
    canvas.text(20, 38, detail, 12, colour="#666666")


def throughput(record: dict[str, Any]) -> Canvas:
    """A group of bars per number of threads; the bound of synthetic data as a dashed line."""
    groups = record["summary"]
    names = [n for n in COLOURS if n != "synthetic" and any(n in row for row in groups.values())]
    width = 120 + len(groups) * (len(names) * 56 + 40)
    canvas = Canvas(max(width, 520), 400)
    _title(canvas, record, "Images per second in training")
    top = 1.15 * max(v["images_per_second"] for row in groups.values() for v in row.values())
    base, height = 330, 240
    canvas.line(60, base, max(width, 520) - 20, base)
    x = 80.0
    for count, row in groups.items():
        begin = x
        for name in names:
            if name in row:
                h = row[name]["images_per_second"] / top * height
                canvas.bar(x, base - h, 48, h, COLOURS[name])
                inside = h > 36  # else above, where low bars leave room
                y, colour = (base - h + 6, "white") if inside else (base - h - 32, "#222222")
                canvas.text(x + 24, y, f"{row[name]['images_per_second']:,.0f}", 11, "ma", colour)
                canvas.text(x + 24, y + 14, f"{row[name]['of_synthetic']:.0%}", 11, "ma", colour)
            x += 56
        bound = base - row["synthetic"]["images_per_second"] / top * height
        canvas.line(begin - 8, bound, x, bound, COLOURS["synthetic"], dashes=True)
        canvas.text(
            (begin + x) / 2, bound - 18, f"synthetic {row['synthetic']['images_per_second']:,.0f}", 11, "md"
        )
        canvas.text((begin + x - 8) / 2, base + 8, f"{count} threads", 12, "ma")
        x += 40
    _legend(canvas, names, 366)
    return canvas


def utilisation(record: dict[str, Any]) -> Canvas:
    """For each backend, at the middle number of threads: how often the GPU was so busy."""
    counts = list(record["threads"])
    count = counts[len(counts) // 2]
    turns = record["threads"][count]
    names = [n for n in COLOURS if n in turns and any(t["utilisation"] for t in turns[n])]
    canvas = Canvas(760, 80 + 90 * len(names) + 40)
    _title(canvas, record, f"How busy the GPU is, in tenths of the time ({count} threads)")
    for i, name in enumerate(names):
        samples = [s for t in turns[name] for s in t["utilisation"]]
        base = 140 + 90 * i
        shares = [sum(1 for s in samples if min(s // 10, 9) == b) / len(samples) for b in range(10)]
        canvas.text(20, base - 34, LABELS.get(name, name), 12)
        canvas.text(20, base - 16, f"{sum(samples) / len(samples):.0f} % on average", 11, colour="#666666")
        for b, share in enumerate(shares):
            x = 220 + b * 52
            canvas.bar(x, base - 64 * share, 46, 64 * share, COLOURS[name])
            if share >= 0.005:
                canvas.text(x + 23, base - 64 * share - 3, f"{share:.0%}", 10, "md")
            if i == len(names) - 1:
                canvas.text(x + 23, base + 6, f"{b * 10}-{b * 10 + 10} %", 10, "ma", "#666666")
        canvas.line(216, base, 744, base)
    return canvas


def timeline(record: dict[str, Any]) -> Canvas:
    """For each backend, with the fewest threads: the last steps of its last turn on the host, and training on the device."""
    count = next(iter(record["threads"]))
    sides = record["threads"][count]
    rows = {n: sides[n][-1]["timeline"] for n in COLOURS if n in sides and sides[n][-1]["timeline"]["device"]}
    canvas = Canvas(900, 90 + 74 * len(rows) + 50)
    _title(canvas, record, f"The last 400 ms of a turn ({count} threads)")
    for i, (name, told) in enumerate(rows.items()):
        y = 84 + 74 * i
        canvas.text(20, y - 4, LABELS.get(name, name), 12)
        canvas.text(130, y + 12, "host", 11, "ra", "#666666")
        canvas.text(130, y + 36, "training on GPU", 11, "ra", "#666666")
        end = max(told["host"][-1][-1], told["device"][-1][1])
        for row in told["host"]:
            for (a, b), colour in zip(zip(row, row[1:], strict=False), HOST.values(), strict=True):
                _span(canvas, y + 12, a - end + 400, b - end + 400, colour)
        for a, b in told["device"]:
            _span(canvas, y + 36, a - end + 400, b - end + 400, COLOURS[name])
    _key(canvas, HOST, 84 + 74 * len(rows) + 10)
    return canvas


def _span(canvas: Canvas, y: float, begin: float, end: float, colour: str) -> None:
    """A bar from `begin` to `end`, of 400 ms that take 740 units."""
    a, b = max(begin, 0.0), min(end, 400.0)
    canvas.bar(140 + a * 1.85, y, (b - a) * 1.85, 18, colour)


def profile(record: dict[str, Any]) -> Canvas:
    """What ran on the device during a few steps, a row per kind, with the share of the time that it took."""
    told = record["profile"]
    end = max(b for spans in told["spans"].values() for _, b in spans)
    kinds = [kind for kind in DEVICE if kind in told["spans"]]
    canvas = Canvas(900, 90 + 40 * len(kinds) + 40)
    name = LABELS.get(told["backend"], told["backend"])
    _title(canvas, record, f"{told['steps']} steps on the GPU: {name}, {told['threads']} threads")
    for i, kind in enumerate(kinds):
        y, spans = 84 + 40 * i, told["spans"][kind]
        share = sum(b - a for a, b in spans) / end
        canvas.text(130, y + 2, f"{kind} {share:.0%}", 11, "ra")
        for a, b in spans:
            canvas.bar(140 + 740 * a / end, y, max(740 * (b - a) / end, 0.5), 22, DEVICE[kind])
    y = 84 + 40 * len(kinds)
    canvas.text(140, y, "0", 10, colour="#666666")
    canvas.text(880, y, f"{end:.0f} ms", 10, "ra", "#666666")
    return canvas


def _key(canvas: Canvas, colours: dict[str, str], y: float) -> None:
    x = 140.0
    for word, colour in colours.items():
        canvas.bar(x, y, 12, 12, colour)
        canvas.text(x + 18, y - 1, word, 12)
        x += 46 + 6.6 * len(word)


def _legend(canvas: Canvas, names: list[str], y: float) -> None:
    _key(canvas, {LABELS.get(name, name): COLOURS[name] for name in names}, y)


if __name__ == "__main__":
    draw_again(draw, __doc__)
