"""How answers are printed: JSON lines, tags with bars, descriptors, hits."""

import json
import re

import typer

from earmark.errors import printable, replace_hidden
from earmark.formats import clock

CHANNELS = {1: "mono", 2: "stereo"}
KINDS = {"audio": "same audio", "recording": "same recording", "version": "other version"}
"""The kind of a group of duplicates -> how it is called."""
BAR = 20  # characters of a probability of 1


def say(text: object = "", err: bool = False, bold: bool = False, fg: str | None = None) -> None:
    """Print text for people: the only way from the command line to a terminal, which no name or tag can steer.

    Of what `printable` escapes, ends of lines and tabs are left where `text` is a str: they are the command's own, and
    names are made printable where they are put into it.
    """
    parts = re.split(r"([\n\t])", text) if isinstance(text, str) else [str(text)]
    shown = "".join(part if part in ("\n", "\t") else printable(part) for part in parts)
    typer.secho(shown, err=err, bold=bold or None, fg=fg)


def print_json(value: dict) -> None:
    """One line, UTF-8; what `printable` would escape has JSON's own escapes. NaN has no place in it and is an error."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False)
    typer.echo(replace_hidden(text, lambda c: json.dumps(c)[1:-1]))


def print_lines(analysis) -> None:
    """The warnings, tags and descriptors of an `Analysis`, a line each."""
    for warning in analysis.warnings:
        typer.secho(f"  {warning}", fg=typer.colors.YELLOW)
    tags = _tag_lines(analysis.tags) or ([f"  {'tags':<12} {analysis.untold}"] if analysis.untold else [])
    for line in (*tags, *(f"  {name:<12} {text}" for name, text in analysis.lines())):
        say(line)


def print_hits(hits: list, as_json: bool, show_parts: bool = False) -> None:
    """The answers to a query, a line each: the number, id, duration, artist and title, the surest tags.

    Of a hit that tells them, the passages that are most alike too (the seed's first), and the parts where wanted.
    """
    for hit in hits:
        if as_json:
            print_json(hit.to_dict())
            continue
        number = next(
            (x for x in (hit.score if show_parts else None, hit.similarity, hit.relevance) if x is not None), None
        )
        figure = f"{number:.3f}\t" if number is not None else ""
        track, fields = hit.track, hit.track.fields
        tags = ", ".join([*(fields.get("own_tags") or ()), *fields["tags"]][:4])
        line = [f"{track.track_id[:8]}\t{clock(track.duration)}\t{track.name}\t{tags}"]
        line += [f"{clock(pair.seed_start)} ~ {clock(pair.start)}" for pair in hit.passages]
        line += [parts_line(hit.parts)] if show_parts else []
        say(figure + "\t".join(line))
    if not hits and not as_json:
        say("Nothing fits.")


def parts_line(parts: dict[str, float | None]) -> str:
    """``sound .98, rhythm .75``: the parts that are known."""
    return ", ".join(f"{name} {share:.2f}" for name, share in parts.items() if share is not None)


def print_answer(answer, explain: bool, as_json: bool) -> None:
    """What a question in words found; before it, on standard error where it is for people, what was understood."""
    if as_json:
        for value in ([answer.to_dict()] if explain else []) + [found.to_dict() for found in answer.hits]:
            print_json(value)
        return
    for line in _understood_lines(answer, explain):
        say(line, err=True)
    for found in answer.hits:
        say(_found_line(found), fg=typer.colors.BRIGHT_BLACK if found.chance else None)
    if not answer.hits:
        say("Nothing fits.")


def _understood_lines(answer, explain: bool) -> list[str]:
    understood = answer.understood
    chips = [f"[{chip.label}]" for chip in understood.chips]
    weights = [f"{name} {weight:+.2f}" for name, weight in understood.weights.items()] if explain else []
    told = [("understood", chips), ("sounds like", weights), ("note", [understood.note] if understood.note else [])]
    lines = [f"{name}: {printable(', '.join(parts))}" for name, parts in told if parts]
    return lines + [f"nothing fits {', '.join(answer.missed)}; without it:"] * bool(answer.missed)


def _found_line(found) -> str:
    """Score, id, length, name, the concepts that count most (else the surest tags), the passage; ? for a chance hit."""
    track = found.hit.track
    score = "" if found.score is None else f"{found.score:.3f}{'?' if found.chance else ''}\t"
    told = ["no " * (weight < 0) + name.split("/")[-1] for name, weight, heard in found.concepts if weight * heard > 0]
    told = told or track.fields["tags"][:4]
    told = [*told, f"at {found.octave} the tempo: {track.fields['tempo']:.0f} BPM"] if found.octave else told
    passage = f"\t{clock(found.passage.start)}-{clock(found.passage.end)}" if found.passage else ""
    line = f"{score}{track.track_id[:8]}\t{clock(track.duration)}\t{printable(track.name)}"
    return f"{line}\t{', '.join(told)}{passage}"


def file_line(info) -> str:
    """What one file says of itself: ``Jazz Sampler, 2011, Jazz; vorbis, 320 kb/s, 44.1 kHz, stereo``."""
    if info is None:
        return "not read again since an older earmark: scan it"
    tags, sound = info.tags, info.sound
    told = ", ".join(str(value) for value in (tags.album, tags.year, tags.genre) if value)
    n = sound.n_channels
    channels = CHANNELS.get(n, f"{n} channels") if n else ""
    return "; ".join(filter(None, (told, _coded(sound.codec, sound.bit_rate, sound.sample_rate, channels))))


def _coded(codec: str, bit_rate: int | None, sample_rate: int | None, channels: str = "") -> str:
    rates = (bit_rate and f"{bit_rate / 1000:.0f} kb/s", sample_rate and f"{sample_rate / 1000:g} kHz")
    return ", ".join(filter(None, (codec, *rates, channels)))


def print_groups(groups: list, as_json: bool) -> None:
    """Songs that are there more than once: the kind, then a line a file, the better first."""
    for group in groups:
        if as_json:
            print_json(group.to_dict())
            continue
        say(KINDS[group.kind], bold=True)
        for copy in group.copies:
            coded = _coded(copy.codec, copy.bit_rate, copy.sample_rate)
            say(f"  {printable(copy.path)}\t{clock(copy.duration)}\t{coded}")
    if not groups and not as_json:
        say("No song is there twice.")


def _tag_lines(tags: dict[str, list], most: int = 4) -> list[str]:
    """Group by group the tags that are sure, each with a bar; an exclusive answer below its threshold is unsure."""
    lines = []
    for group, hits in tags.items():
        sure = [hit for hit in hits if hit.sure][:most]
        if hits and not sure:
            lines.append(f"  {group:<12} unsure (nearest: {hits[0].tag} {hits[0].probability:.2f})")
        for i, hit in enumerate(sure):
            bar = "█" * round(BAR * min(max(hit.probability, 0), 1))
            lines.append(f"  {group if i == 0 else '':<12} {hit.tag:<22} {hit.probability:.2f} {bar}")
    return lines
