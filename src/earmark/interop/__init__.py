"""What leaves a catalogue for other programs: tags in files, playlists, exports.

Tags: `fields` names every field in every format, `values` makes texts of a track, `plan` says what would change, and
`apply` changes it, with a journal (`journal`, `delta`) by which it is undone. Only `mutagen_files` knows the library
that writes.
"""
