"""What lies in music folders and is no music, told by its name alone: hidden things, bins, unfinished downloads."""

import stat

HIDDEN, SYSTEM, UNFINISHED = "hidden", "system folder", "unfinished download"  # reasons, as a scan counts them

TITLE_PREFIX = "..."  # "...And Justice for All" is an album, not a hidden folder
SYSTEM_FOLDERS = frozenset(
    (
        ".AppleDouble", "__MACOSX", ".Trashes", ".Spotlight-V100", ".fseventsd", ".TemporaryItems",  # macOS
        "$RECYCLE.BIN", "$Recycle.Bin", "RECYCLER", "System Volume Information",  # Windows
        "@eaDir", "#recycle", "#snapshot", "@Recycle", ".@__thumb", "@tmp", "@Recently-Snapshot", ".snapshot",  # NAS
        "lost+found", ".stfolder", ".stversions",  # ext4, Syncthing
    )
)  # fmt: skip
TRASH_PREFIX = ".Trash"  # .Trash, .Trash-1000
UNFINISHED_SUFFIXES = (
    ".part", ".partial", ".crdownload", ".download", ".opdownload", ".!ut", ".!qb", ".!bt", ".!sync", ".bc!", ".jc!",
    ".aria2", ".ytdl", ".filepart", ".incomplete", ".td", ".xltd", ".dtapart", ".tmp", ".temp",
)  # fmt: skip
UNFINISHED_FOLDER = ".download"  # a browser of macOS keeps the file in a folder of its own until it is whole
COMPANION = ".aria2"  # stands beside a file, under its name, for as long as that is not whole


def folder_reason(name: str, attributes: int = 0) -> str | None:
    """Why a folder of this name is left alone; None where nothing speaks against it.

    `attributes` are those of Windows (``st_file_attributes``), 0 elsewhere.
    """
    if name in SYSTEM_FOLDERS or name.startswith(TRASH_PREFIX):
        return SYSTEM
    if _hidden(name, attributes):
        return HIDDEN
    return UNFINISHED if name.lower().endswith(UNFINISHED_FOLDER) else None


def file_reason(name: str, attributes: int = 0) -> str | None:
    """Why a file of this name is left alone, whatever it holds; `attributes` as for `folder_reason`."""
    if _hidden(name, attributes):
        return HIDDEN
    return UNFINISHED if name.lower().endswith(UNFINISHED_SUFFIXES) else None


def _hidden(name: str, attributes: int) -> bool:
    dotted = name.startswith(".") and not name.startswith(TITLE_PREFIX)
    return dotted or bool(attributes & stat.FILE_ATTRIBUTE_HIDDEN)
