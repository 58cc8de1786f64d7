"""The text of a filter -> Filter. The grammar is grammar.lark; the kinds of fields and values are checking.py's."""

import re
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path

from earmark.catalogue.filters.checking import MAX_DEPTH, MAX_TEXT, BareWords, Normalise, Raw, Reader
from earmark.catalogue.filters.expression import FUNCTIONS, GROUPS, SYMBOLS, Filter, Function, Kind, Not, joined
from earmark.catalogue.filters.writing import KEYWORDS, excerpt, filter_to_text
from earmark.errors import QueryError

OPS = {symbol: op for op, symbol in SYMBOLS.items()} | {"==": "eq", "!=": "ne"}
MIRRORED = {"lt": "gt", "lte": "gte", "gt": "lt", "gte": "lte"}  # 3 < x is x > 3
LIST_FUNCTIONS = {"array_has", "array_contains", "list_has", "list_contains"}
# what begins at a character that begins no token: pattern, problem, remedy
STRAY = [
    (r";", "; has no meaning here", "A filter is one condition: leave out the ; and what follows."),
    (r"--|/\*|#", "comments are not understood", "Leave it out."),
    (r"'", "Unterminated string", "Close it with '; a ' inside is written twice."),
    (r'"', "Unterminated string", 'Close it with "; a " inside is written twice.'),
    (r"`", "Unterminated name", "Close it with `."),
    (r"[‘’‚‛“”„‟´«»]", "typographic quotation marks are not understood", "Write straight ones: 'jazz'."),
    (r"[-+*/%^]", "calculations are not understood", "Compare fields with plain values."),
    (r"!|&|\||~", "an operator that is not understood", "Write NOT, AND or OR; LIKE '%x%' finds parts of a text."),
    (r"[\[{]", "brackets are not understood", "Several values stand in parentheses: genre IN ('jazz', 'rock')."),
]
DOUBLE = "A ' inside text is written twice, as in title = 'it''s'."
HINT = "Write conditions such as genre = 'jazz' AND tempo > 100; text stands in single quotes, fields in none."
# tokens that the parser would take -> what the user should write; the first line that fits counts
EXPECTED = [
    ({"NOT", "NAME"}, "a condition"),
    ({"NAME", "STRING"}, "a value"),
    ({"NAME"}, "a field"),
    ({"OP"}, "a comparison such as ="),
]
SIGNS = {word: word for word in "NULL NOT BETWEEN IN LIKE ILIKE HAS AND OR".split()}
SIGNS |= {"LPAR": "(", "COMMA": ",", "RPAR": ")", "$END": "the end"}


def parse_filter(text: str, fields: Mapping[str, Kind], normalise: Normalise | None = None) -> Filter:
    """The filter that a text such as ``genre = 'jazz' AND tempo > 100`` means.

    Parameters
    ----------
    fields : the fields that may be named, with their kinds
    normalise : (field, value) -> the value as it is stored, such as the key "es-Dur" -> "Eb major"; it sees every
        value but patterns of LIKE and values compared with lower() or upper() of a field, and may raise QueryError

    Raises
    ------
    QueryError : anything in the text is not understood; it names the place and what to write instead

    Examples
    --------
    >>> parse_filter("year > 1990", {"year": "number"})
    Compare(field='year', op='gt', value=1990, function=None)
    """
    return _TextReader(text, fields, normalise).read()


@cache
def _parser():
    """The parser, made when the first text is read (0.1 s); lark is imported no earlier."""
    from lark import Lark

    grammar = Path(__file__).with_name("grammar.lark").read_text(encoding="utf-8")
    return Lark(grammar, parser="lalr", lexer="basic")


class _TextReader(Reader):
    """Reads the text of a filter; places are offsets into it, None where no single one is at fault."""

    def __init__(self, text: str, fields: Mapping[str, Kind], normalise: Normalise | None) -> None:
        super().__init__(fields, normalise)
        self.text = text

    def error(self, at: int | None, problem: str, remedy: str) -> QueryError:
        """The error at an offset."""
        place = "" if at is None else f"at character {at + 1}: " if at < len(self.text) else "at the end: "
        return QueryError(excerpt(self.text, 200), place + problem, remedy)

    def shown(self, part: Filter) -> str:
        """A filter as text."""
        return filter_to_text(part)

    def read(self) -> Filter:
        """The filter."""
        from lark import UnexpectedInput

        if len(self.text) > MAX_TEXT:
            raise self.error(None, f"longer than {MAX_TEXT} characters", "Ask in several steps.")
        try:
            tree = _parser().parse(self.text)
        except UnexpectedInput as error:
            unexpected = error
        else:
            return self.shallow(self.filter(tree, 1), None)
        raise self.syntax_error(unexpected)

    def filter(self, tree, depth: int) -> Filter:
        """The filter of a node of the tree."""
        if depth > MAX_DEPTH:
            raise self.too_deep(None)
        if tree.data == "not":
            return Not(self.filter(tree.children[0], depth + 1))
        if tree.data in GROUPS:
            return joined(GROUPS[tree.data], [self.filter(part, depth + 1) for part in tree.children])
        return getattr(self, tree.data)(*tree.children)

    def holds(self, operand, test) -> Filter:
        """``tempo BETWEEN 1 AND 2``, ``tempo > 1``, ``tempo IS NULL``."""
        if test.data == "comparison":
            return self.stated(OPS[test.children[0]], operand, test.children[1:])
        return self.stated(str(test.data), operand, test.children)

    def fails(self, operand, test) -> Filter:
        """``tempo NOT BETWEEN 1 AND 2``."""
        return Not(self.holds(operand, test))

    def reversed(self, literal, op, operand) -> Filter:
        """``1 < tempo``."""
        return self.stated(MIRRORED.get(OPS[op], OPS[op]), operand, [literal])

    def member(self, literal, operand) -> Filter:
        """``'jazz' IN tags``."""
        return self.stated("has", operand, [literal])

    def no_member(self, literal, operand) -> Filter:
        """``'jazz' NOT IN tags``."""
        return Not(self.member(literal, operand))

    def call(self, name, operand, value) -> Filter:
        """``array_has(tags, 'jazz')``."""
        if name.lower() not in LIST_FUNCTIONS:
            raise self.no_function(name)
        return self.stated("has", operand, [value])

    def stated(self, op: str, operand, values) -> Filter:
        """One condition from its nodes."""
        *functions, name = operand.children
        function = self.function(functions[0]) if functions else None
        field = self.field(name.strip("`"), name.start_pos)
        return self.condition(op, field, function, [self.raw(value) for value in values], name.start_pos)

    def function(self, name) -> Function:
        """The function of that name that texts have."""
        if name.lower() not in FUNCTIONS:
            raise self.no_function(name)
        return name.lower()

    def no_function(self, name) -> QueryError:
        """A function that is not understood."""
        remedy = "There are lower(title), upper(title) and array_has(tags, 'x'); LIKE '%x%' finds parts of a text."
        return self.error(name.start_pos, f"{excerpt(name)}() is not understood here", remedy)

    def raw(self, value) -> Raw:
        """What the node of a value holds."""
        first, last = value.children[0], value.children[-1]
        if value.data == "bare_words":
            return Raw(BareWords(self.text[first.start_pos : last.end_pos]), first.start_pos)
        if value.data == "function_value":
            return Raw(self.applied(first, self.raw(last).value), first.start_pos)
        content = _number(last) if last.type == "NUMBER" else last[1:-1].replace(last[0] * 2, last[0])
        return Raw(content if first is last else self.dated(first, content), first.start_pos)

    def applied(self, name, value: object) -> str:
        """``lower('X')`` -> ``x``."""
        function = FUNCTIONS[self.function(name)]
        if not isinstance(value, str):
            raise self.error(name.start_pos, f"{name}() takes text", "Write the value itself.")
        return function(value)

    def dated(self, word, content: str) -> datetime:
        """``DATE '2026-01-31'`` -> the time."""
        if word.upper() not in ("DATE", "TIMESTAMP"):
            raise self.bare(word, word.start_pos)
        return self.time(content, word.start_pos)

    def syntax_error(self, unexpected) -> QueryError:
        """What is wrong where the parser could not go on."""
        token = getattr(unexpected, "token", None)
        if token is None:
            return self.stray(unexpected.pos_in_stream)
        at = len(self.text) if token.type == "$END" else token.start_pos
        accepts = unexpected.accepts
        if "OP" in accepts and (name := re.search(r"[^\W\d]\w*$", self.text[:at].rstrip())):
            self.field(name[0], name.start())  # that a field does not exist says more than what should follow it
        return self.unquoted(at) or self.keyword(token, accepts) or self.expected(at, accepts)

    def stray(self, at: int) -> QueryError:
        """A character that begins no token."""
        rest = self.text[at:]
        if not re.match(r";|--|/\*", rest) and (error := self.unquoted(at)):
            return error
        for pattern, problem, remedy in STRAY:
            if re.match(pattern, rest):
                return self.error(at, problem, remedy)
        return self.error(at, f"{excerpt(rest[0])} (U+{ord(rest[0]):04X}) has no meaning here", HINT)

    def unquoted(self, at: int) -> QueryError | None:
        """A value without quotes before the place, such as ``AC`` before the slash of AC/DC."""
        word = re.search(r"[=<>]\s*([^\W\d]\w*)$", self.text[:at].rstrip())
        if word is None or word[1] in self.fields:
            return None
        return self.bare(re.match(r"[^\s(),;]*", self.text[word.start(1) :])[0], word.start(1))

    def keyword(self, token, accepts: set[str]) -> QueryError | None:
        """A word of the filter language where a field or a value should stand."""
        if token.type not in KEYWORDS or "NAME" not in accepts:
            return None
        if token.type == "NULL":
            return self.error(token.start_pos, "NULL is not a value", "Write IS NULL or IS NOT NULL.")
        if "NOT" not in accepts:  # a value is due
            remedy = f"Write '{token}' for the text."
        elif token.lower() in self.fields:
            remedy = f"Write `{token}` for the field of that name."
        else:
            return None
        return self.error(token.start_pos, f"{token} is a word of the filter language", remedy)

    def expected(self, at: int, accepts: set[str]) -> QueryError:
        """What could stand at the place instead."""
        fitting = [phrase for tokens, phrase in EXPECTED if tokens <= accepts]
        signs = [sign for name, sign in SIGNS.items() if name in accepts and (name != "LPAR" or "AND" not in accepts)]
        wanted = fitting[0] if fitting else " or ".join(filter(None, (", ".join(signs[:-1]), *signs[-1:])))
        last = re.search(r"'[^']*'$|\w+$|[=<>!]+$|\S$", self.text[:at].rstrip())
        hint = DOUBLE if re.search(r"'$", self.text[:at]) and re.match(r"\w", self.text[at:]) else HINT
        return self.error(at, f"expected {wanted}" + (f" after {excerpt(last[0])}" if last else ""), hint)


def _number(token: str) -> int | float:
    """A number of the text; of any size, `Reader.number` checks it."""
    return int(token) if re.fullmatch(r"[+-]?[0-9]{1,15}", token) else float(token)
