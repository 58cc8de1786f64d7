"""How answers are printed: JSON lines, tags with bars, descriptors, hits."""

import json

import typer

from earmark.formats import clock

BAR = 20  # characters of a probability of 1


def print_json(value: dict) -> None:
    """One line, UTF-8; NaN has no place in JSON and is an error here."""
    typer.echo(json.dumps(value, ensure_ascii=False, allow_nan=False))


def print_lines(analysis) -> None:
    """The tags and descriptors of an `Analysis`, a line each."""
    for line in (*_tag_lines(analysis.tags), *(f"  {name:<12} {text}" for name, text in analysis.lines())):
        typer.echo(line)


def print_hits(hits: list, as_json: bool) -> None:
    """The answers to a query, a line each: the number, id, duration, artist and title, the surest tags."""
    for hit in hits:
        if as_json:
            print_json(hit.to_dict())
            continue
        number = hit.similarity if hit.similarity is not None else hit.relevance
        figure = f"{number:.3f}\t" if number is not None else ""
        track, tags = hit.track, ", ".join(hit.track.fields["tags"][:4])
        typer.echo(f"{figure}{track.track_id[:8]}\t{clock(track.duration)}\t{track.name}\t{tags}")
    if not hits and not as_json:
        typer.echo("Nothing fits.")


def _tag_lines(tags: dict[str, list], most: int = 4) -> list[str]:
    """Group by group the tags that are sure, each with a bar; an exclusive answer below its threshold is unsure."""
    lines = []
    for group, hits in tags.items():
        sure = [hit for hit in hits if hit.sure][:most]
        if not sure:
            lines.append(f"  {group:<12} unsure (nearest: {hits[0].tag} {hits[0].probability:.2f})")
        for i, hit in enumerate(sure):
            bar = "█" * round(BAR * min(max(hit.probability, 0), 1))
            lines.append(f"  {group if i == 0 else '':<12} {hit.tag:<22} {hit.probability:.2f} {bar}")
    return lines
