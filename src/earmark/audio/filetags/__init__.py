"""The tags of a file: its title, artist, album, year and genre.

FFmpeg reads every kind of tag, but keeps only the first of several values in most, and passes over APEv2 in mp3. So
ID3, APEv2 and MP4 have small readers here, and `read` joins what they find with FFmpeg's metadata. None of them reads
more than `bounds` allows.
"""

from earmark.audio.filetags.read import FileTags, clean_text, read_file_tags

__all__ = ["FileTags", "clean_text", "read_file_tags"]
