"""Random texts of line protocol, well formed and broken, for comparing two readers of it. A seed gives the same texts
with every run."""

import random

NAME_PIECES = [b"a", b"cpu", b"x1", b"\xc3\xa9", b"\xff", b"#", b'"', b"-", b"\\ ", b"\\,", b"\\=", b"\\\\", b"\\n",
               b'\\"', b"\x00", b"\x01", b"\x7f"]
STRING_PIECES = [b"a", b"text", b" ", b",", b"=", b"#", b"\n", b"\r", b"\r\n", b"\t", b"\x00", b"\xe2\x9c\x93", b"\xfe",
                 b'\\"', b"\\\\"]
NUMBERS = [b"0", b"-0", b"1.", b".5", b"-.5", b"01", b"1e5", b"1E+5", b"1e-400", b"18446744073709551615",
           b"0.1", b"-273.15", b"5e-324", b"1.7976931348623157e308", b"123456789.123456789"]
WHOLE = [b"0", b"-0", b"-1", b"7", b"42", b"9223372036854775807", b"-9223372036854775808"]
UNSIGNED = [b"0", b"7", b"18446744073709551615"]
BOOLEANS = [b"t", b"T", b"true", b"True", b"TRUE", b"f", b"F", b"false", b"False", b"FALSE"]
BAD_VALUES = [b"", b"+1", b".", b"-", b"1e", b"1e400", b"NaN", b"inf", b"0x10", b"1_0", b"01i", b"1.0i", b"1I", b"-1u",
              b"yes", b"tRUE", b'"', b'"a\\n"', b'"a"b', b"9223372036854775808i", b"18446744073709551616u"]
TIMES = [b"0", b"-5", b"1700000000000000000", b"9223372036854775807", b"-9223372036854775808"]
BAD_TIMES = [b"+2", b"2.0", b"2e3", b"9223372036854775808", b"00000000000000000005", b"x", b"-"]
BLANKS = [b"  ", b"\t", b"\v", b"\f", b" \t "]
BETWEEN = [b"\n", b"\r\n", b"  \n", b"# a comment\n", b" \t# \"quote\\\n", b"#\r\n", b"\x0b\n"]
MUTATIONS = [b"\\", b'"', b",", b"=", b" ", b"\r", b"\n", b"\t", b"#", b"\\\\", b'\\"', b"\r\n", b"\x00",
             b"\xff", b"i", b"1"]


class Generator:
    def __init__(self, seed):
        self.random = random.Random(seed)

    def rarely(self):
        return self.random.random() < 0.03

    def pieces(self, choices, least, most):
        return b"".join(self.random.choices(choices, k=self.random.randint(least, most)))

    def name(self):
        return self.pieces(NAME_PIECES[:3] if self.random.random() < 0.6 else NAME_PIECES, 0 if self.rarely() else 1, 4)

    def value(self):
        if self.rarely():
            return self.random.choice(BAD_VALUES)
        kind = self.random.choice("fiubs")
        if kind == "f":
            return self.random.choice(NUMBERS)
        if kind == "i":
            return self.random.choice(WHOLE) + b"i"
        if kind == "u":
            return self.random.choice(UNSIGNED) + b"u"
        if kind == "b":
            return self.random.choice(BOOLEANS)
        return b'"' + self.pieces(STRING_PIECES, 0, 6) + b'"'

    def blank(self):
        return self.random.choice(BLANKS) if self.rarely() else b" "

    def point(self):
        tags = b"".join(b"," + self.name() + b"=" + self.name() for _ in range(self.random.choice((0, 0, 1, 1, 2, 3))))
        fields = b",".join(self.name() + b"=" + self.value() for _ in range(self.random.choice((1, 1, 1, 2, 3))))
        line = (self.blank() if self.rarely() else b"") + self.name() + tags + self.blank() + fields
        if self.random.random() < 0.7:
            line += self.blank() + self.random.choice(BAD_TIMES if self.rarely() else TIMES)
        return line + (self.blank() if self.rarely() else b"") + (b"\r\n" if self.rarely() else b"\n")

    def mutated(self, text):
        if not text:
            return text
        at = self.random.randrange(len(text))
        kind = self.random.randrange(4)
        if kind == 0:  # another byte in place of one
            return text[:at] + bytes([text[at] ^ (1 << self.random.randrange(8))]) + text[at + 1:]
        if kind == 1:
            return text[:at] + self.random.choice(MUTATIONS) + text[at:]
        if kind == 2:
            return text[:at] + text[at + self.random.randint(1, 3):]
        other = self.random.randrange(len(text))  # a piece of it once more, elsewhere
        return text[:at] + text[other:other + self.random.randint(1, 12)] + text[at:]

    def text(self):
        """Some points, and what may lie between them; half of the texts have a fault or more."""
        parts = []
        for _ in range(self.random.randint(1, 5)):
            if self.random.random() < 0.1:
                parts.append(self.random.choice(BETWEEN))
            parts.append(self.point())
        text = b"".join(parts)
        if self.random.random() < 0.1:
            text = text[:-1]
        if self.random.random() < 0.5:
            for _ in range(self.random.choice((1, 1, 1, 2, 4))):
                text = self.mutated(text)
        return text


def texts(seed, count):
    generator = Generator(seed)
    return [generator.text() for _ in range(count)]
