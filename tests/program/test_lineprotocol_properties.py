"""`forecastd inspect` against the slow reference reader, on random texts, and with its input in pieces."""

import json
import random
import subprocess

import lp_generator
import reference_parser
from forecastd_test import FORECASTD, TestCase, forecastd, main

TEXTS = 20_000
MARK = b"\n\n\"\n\nend_of_text v=1i 1234567890123456789\n"  # ends whatever a text leaves open, then says so
MARK_POINT = reference_parser.parse(MARK.split(b"\n", 4)[4])[0]


def inspect(data, *options):
    """What inspect prints for some bytes, as a list of objects."""
    done = forecastd("inspect", *options, stdin=data)
    assert done.returncode == 0 and done.stderr == b"", done
    return [json.loads(line) for line in done.stdout.splitlines()]


def inspect_in_pieces(data, random_numbers):
    """The same with the input written in pieces of random length, each read alone or with its neighbours."""
    with subprocess.Popen([FORECASTD, "inspect"], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        at = 0
        while at < len(data):
            length = random_numbers.choice((1, 1, 2, 3, 10, 100, 5000))
            process.stdin.write(data[at:at + length])
            process.stdin.flush()
            at += length
        process.stdin.close()
        return [json.loads(line) for line in process.stdout]


def comparable(results):
    """Errors without their words and lines, the rest as text, in which -0.0 is not 0.0 and 1 is not 1.0."""
    return ["error" if "error" in result else json.dumps(result, sort_keys=True) for result in results]


class Properties(TestCase):
    def test_random_texts(self):
        texts = lp_generator.texts(seed=11, count=TEXTS)
        data = b"".join(text + MARK for text in texts)
        ours, theirs = inspect(data), reference_parser.parse(data)
        if comparable(ours) == comparable(theirs):
            self.assertEqual(sum(result == MARK_POINT for result in ours), TEXTS)
            return
        for text in texts:  # which one?
            self.assertEqual(comparable(inspect(text)), comparable(reference_parser.parse(text)), text)
        self.fail("every text alone is read alike, all together are not")

    def test_texts_that_end_anywhere(self):
        for text in lp_generator.texts(seed=12, count=60):
            cut = text[:random.Random(len(text)).randint(0, len(text))]
            self.assertEqual(comparable(inspect(cut)), comparable(reference_parser.parse(cut)), cut)

    def test_pieces_change_nothing(self):
        random_numbers = random.Random(13)
        for seed in range(14, 20):
            data = b"".join(lp_generator.texts(seed, 300))
            self.assertEqual(inspect_in_pieces(data, random_numbers), inspect(data))

    def test_short_limits(self):
        data = b"".join(text + MARK for text in lp_generator.texts(seed=20, count=3_000))
        for limit in (1, 20, 50, 51, 64, 200):
            with self.subTest(limit=limit):
                self.assertEqual(comparable(inspect(data, "--max-line-bytes", limit)),
                                 comparable(reference_parser.parse(data, max_point_bytes=limit)))

    def test_an_open_quote_cannot_fill_the_memory_and_costs_one_line(self):
        count = 400_000
        results = inspect(b'm s="' + b"m v=1 5\n" * count)
        self.assertIn("limits.max_line_bytes", results[0]["error"])
        self.assertEqual(len(results), count)
        self.assertFalse(any("error" in result for result in results[1:]))

    def test_a_quote_that_a_later_line_closes_costs_one_line(self):
        lines = b"m v=1 5\n" * 1_000 + b'm s="text" 6\n' + b"m v=2 7\n"
        results = inspect(b'm s="\n' + lines)
        self.assertEqual([result["line"] for result in results if "error" in result], [1002])
        self.assertEqual(len(results), 1 + 1_002)

    def test_errors_name_their_line(self):
        results = inspect(b"m v=1 5\n# comment\n\nbad\nm v=2 6\r\nm v=x\n")
        self.assertEqual([result.get("line") for result in results], [None, 4, None, 6])


if __name__ == "__main__":
    main()
