"""The examples of a page that are typed into a shell: commands after ``$``, and what they print."""

import re
import subprocess
from pathlib import Path

MARK = "\x1f"


def examples(page: str) -> list[tuple[str, str]]:
    """(command, what the page says that it prints) of all blocks of ``console``."""
    blocks = "".join(re.findall(r"```console\n(.*?)```", page, re.S))
    parts = [part.partition("\n") for part in re.split(r"^\$ ", blocks, flags=re.M)[1:]]
    return [(command, output.strip()) for command, _, output in parts]


def outputs(commands: list[str], folder: Path, base: str, key: str) -> list[str]:
    """What the commands print, one after another in one shell, with a server in the place of the page's."""
    lines = [f"cd '{folder}'", f'A="Authorization: Bearer {key}"']
    for command in commands:
        lines += [command.replace("localhost:8340", base.removeprefix("http://")), f"printf '{MARK}'"]
    done = subprocess.run(["bash", "-c", "\n".join(lines)], capture_output=True, text=True, timeout=250)
    return [part.strip() for part in done.stdout.split(MARK)[: len(commands)]]
