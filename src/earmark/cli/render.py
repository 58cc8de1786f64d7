"""How answers are printed: JSON lines, clock times, tags and descriptors."""

import json

import typer

BAR = 20  # characters of a probability of 1


def print_json(value: dict) -> None:
    """One line, UTF-8; NaN has no place in JSON and is an error here."""
    typer.echo(json.dumps(value, ensure_ascii=False, allow_nan=False))


def clock(seconds: float) -> str:
    """``4:07`` or ``1:02:07``."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"


def tag_lines(tags: dict[str, list], most: int = 4) -> list[str]:
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


def fact_lines(facts: dict[str, dict]) -> list[str]:
    """Tempo, key, loudness, energy and sections, a line each; what is not known is left out."""
    makers = {"tempo": _tempo, "key": _key, "loudness": _loudness, "energy": _energy, "structure": _structure}
    pairs = ((name, make(facts[name])) for name, make in makers.items() if name in facts)
    return [f"  {name:<12} {text}" for name, text in pairs if text]


def _tempo(tempo: dict) -> str:
    if tempo["bpm"] is None:
        return "no steady pulse"
    others = ", ".join(f"{c['bpm']:.0f}" for c in tempo["candidates"][1:3])
    metre = f", {tempo['metre']}" if tempo["metre"] else ""
    by = "corrected by you" if tempo.get("corrected") else f"confidence {tempo['confidence']:.2f}"
    return f"{tempo['bpm']:.1f} BPM{metre}  ({by}{f', or {others}' if others else ''})"


def _key(key: dict) -> str:
    if key["tonic"] is None:
        return "no key found"
    by = "corrected by you" if key.get("corrected") else f"confidence {key['confidence']:.2f}"
    return f"{key['tonic']} {key['mode']}, {key['camelot']}  ({by})"


def _loudness(loudness: dict) -> str:
    if loudness["integrated_lufs"] is None:
        return "silence"
    spread = f", range {loudness['range_lu']:.1f} LU" if loudness["range_lu"] is not None else ""
    return f"{loudness['integrated_lufs']:.1f} LUFS{spread}, true peak {loudness['true_peak_dbtp']:.1f} dBTP"


def _energy(energy: dict) -> str:
    return f"{energy['level']} ({energy['value']:.2f})"


def _structure(structure: dict) -> str:
    start, end = structure["representative"]
    sections = " ".join(structure["labels"])
    return f"sections {sections}; most typical {clock(start)} to {clock(end)}"
