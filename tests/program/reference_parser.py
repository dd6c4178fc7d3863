"""A reader of line protocol that is slow, short and meant to be obviously right: what the host's fast one is held to.

It follows the rules of Telegraf's stream parser, with three differences: in a string a backslash before any byte but a
quote or a backslash stands for itself (unless strict); after an error it goes on behind the first newline of the bad
point, not behind the byte that failed (unless strict); and a bare CR may end the input. It also bounds the length of a
point. Bytes become text with Python's surrogateescape, so a byte that is not UTF-8 is one of U+DC80 to U+DCFF.
"""

import re

MAX_POINT_BYTES = 1 << 20

# A name ends at a separator or at a byte that no name may hold.
MEASUREMENT = rb"(?:[^\t\n\v\f\r ,\\]|\\[^\t\n\v\f\r])+"  # a backslash takes the next byte along, also a backslash
FIELD_KEY = rb"(?:[^\t\n\v\f\r ,=\\]|\\[^\t\n\v\f\r])+"
TAG = rb"(?:[^\t\n\v\f\r ,=\\]|\\(?=\\)|\\[^\t\n\v\f\r\\])+"  # of several backslashes the last one takes it
BLANKS = rb"[ \t\v\f]+"
STRING = rb'"((?:[^"\\]|\\[\x00-\xff])*)'  # without the closing quote
STRICT_STRING = rb'"((?:[^"\\]|\\["\\])*)'
LINE_END = rb"\r?\n|\r?\Z"
END_OF_VALUE = rb"(?=[, \t\v\f\r\n]|\Z)"
NUMBER = rb"-?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?"
TIME = rb"-?[0-9]{1,19}"

INT64 = range(-(2**63), 2**63)
UINT64 = range(2**64)


class Malformed(Exception):
    """A point that is rejected: what was expected, and the offset of the byte that failed."""

    def __init__(self, expected, at):
        super().__init__(expected)
        self.at = at


def text(raw):
    return raw.decode("utf-8", "surrogateescape")


def unescape_measurement(raw):
    return text(re.sub(rb"\\([, ])", rb"\1", raw))


def unescape_name(raw):
    """Of tags and field keys. A quote loses its backslash only in the company of a separator."""
    return text(re.sub(rb'\\([, ="])', rb"\1", raw) if re.search(rb"[, =]", raw) else raw)


def unescape_string(raw):
    return text(re.sub(rb'\\(["\\])', rb"\1", raw))


class Parser:
    def __init__(self, data, max_point_bytes, strict):
        self.data = data
        self.at = 0
        self.end = len(data)  # of what the current point may use
        self.max_point_bytes = max_point_bytes
        self.strict = strict
        self.string = STRICT_STRING if strict else STRING

    def parse(self):
        results = []
        line, counted = 1, 0
        while self.skip_between_points():
            begin = self.at
            line += self.data.count(b"\n", counted, begin)
            counted = begin
            self.end = min(len(self.data), begin + self.max_point_bytes)
            try:
                point = self.point()
                if self.at == begin + self.max_point_bytes and self.data[self.at - 1 : self.at] != b"\n":
                    raise Malformed("a shorter point", self.at)
                results.append(point)
            except Malformed as malformed:
                results.append({"error": f"expected {malformed}", "line": line})
                newline = self.data.find(b"\n", malformed.at if self.strict else begin)
                self.at = len(self.data) if newline < 0 else newline + 1
            self.end = len(self.data)
        return results

    def skip_between_points(self):
        """Steps over blanks, blank lines and comments. False: the data ended."""
        while self.at < self.end and self.take(rb"[ \t\v\f\n]+|\r\n|\r\Z|#[^\n]*"):
            pass
        return self.at < self.end

    def take(self, pattern):
        """The match of a pattern here, which is stepped over; None if there is none."""
        match = re.compile(pattern).match(self.data, self.at, self.end)
        if match:
            self.at = match.end()
        return match

    def need(self, pattern, expected):
        match = self.take(pattern)
        if not match:
            raise Malformed(expected, self.at)
        return match[0]

    def point(self):
        measurement = unescape_measurement(self.need(MEASUREMENT, "a measurement"))
        tags = {}
        while self.take(rb","):
            key = unescape_name(self.need(TAG, "a tag key"))
            self.need(rb"=", "'=' after the tag key")
            tags[key] = unescape_name(self.need(TAG, "a tag value"))
        self.need(BLANKS, "a space before the fields")
        fields = {}
        while True:
            key = unescape_name(self.need(FIELD_KEY, "a field key"))
            self.need(rb"=", "'=' after the field key")
            fields[key] = self.value()
            if not self.take(rb","):
                break
        time = None
        if self.take(BLANKS):
            digits = self.take(TIME)
            if digits:
                time = self.in_range(int(digits[0]), INT64)
                self.take(BLANKS)
        self.need(LINE_END, "the end of the line")
        return {"measurement": measurement, "tags": tags, "fields": fields, "time": time}

    def value(self):
        if match := self.take(self.string):
            self.need(rb'"' + END_OF_VALUE, "a closing quote and the end of the value")
            return {"type": "string", "value": unescape_string(match[1])}
        if match := self.take(rb"(-?(?:0|[1-9][0-9]*))i" + END_OF_VALUE):
            return {"type": "int", "value": self.in_range(int(match[1]), INT64)}
        if match := self.take(rb"(0|[1-9][0-9]*)u" + END_OF_VALUE):
            return {"type": "uint", "value": self.in_range(int(match[1]), UINT64)}
        if match := self.take(NUMBER + END_OF_VALUE):
            number = float(match[0])
            if abs(number) == float("inf"):
                raise Malformed("a number within the range of a float", self.at)
            return {"type": "float", "value": number}
        if match := self.take(rb"(true|True|TRUE|t|T|false|False|FALSE|f|F)" + END_OF_VALUE):
            return {"type": "bool", "value": match[1][:1] in b"tT"}
        raise Malformed("a value", self.at)

    def in_range(self, number, numbers):
        if number not in numbers:
            raise Malformed("a whole number within its range", self.at)
        return number


def parse(data, max_point_bytes=MAX_POINT_BYTES, strict=False):
    """All points and errors of some bytes, in their order, as `forecastd inspect` prints them; an error's line is the
    one on which its point begins. A point with its line end is at most max_point_bytes long."""
    return Parser(data, max_point_bytes, strict).parse()
