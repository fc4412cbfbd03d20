import contextlib
import io
import unittest

from shout import shout
from shout.__main__ import main


class Shout(unittest.TestCase):
    def test_capitals_and_mark(self):
        self.assertEqual(shout("good morning"), "GOOD MORNING!")

    def test_old_marks_go(self):
        self.assertEqual(shout("stop!!!\n", marks=2), "STOP!!")

    def test_negative_marks_are_refused(self):
        with self.assertRaises(ValueError):
            shout("no", marks=-1)


class Command(unittest.TestCase):
    def test_words_become_one_line(self):
        out = io.StringIO()
        with contextlib.redirect_stdout(out):
            status = main(["-m", "3", "well", "done"])
        self.assertEqual((status, out.getvalue()), (0, "WELL DONE!!!\n"))


if __name__ == "__main__":
    unittest.main()
