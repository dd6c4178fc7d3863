"""A program that is fed by hand, while what it writes is read all the time."""

import os
import pathlib
import re
import subprocess
import threading
import time


def resident_mb(pid):
    return int(re.search(r"VmRSS:\s+(\d+)", pathlib.Path(f"/proc/{pid}/status").read_text())[1]) / 1024


class Running:
    def __init__(self, *command):
        self.process = subprocess.Popen([*map(str, command)], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=subprocess.PIPE)
        self.out, self.messages = bytearray(), bytearray()
        pipes = ((self.process.stdout, self.out), (self.process.stderr, self.messages))
        self.threads = [threading.Thread(target=self.read, args=pipe, daemon=True) for pipe in pipes]
        for thread in self.threads:
            thread.start()

    @staticmethod
    def read(pipe, into):
        while chunk := os.read(pipe.fileno(), 1 << 20):
            into += chunk

    def feed(self, data):
        """False: it is gone."""
        try:
            self.process.stdin.write(data)
            self.process.stdin.flush()
            return True
        except BrokenPipeError:
            return False

    def wait_for(self, is_there, seconds=60):
        """Waits until a condition holds; an AssertionError if it does not in that time, or the program has ended."""
        deadline = time.monotonic() + seconds
        while not is_there():
            if time.monotonic() > deadline or self.process.poll() is not None:
                raise AssertionError((bytes(self.messages), bytes(self.out[-2000:])))
            time.sleep(0.01)

    def says(self, text, times=1):
        self.wait_for(lambda: self.messages.count(text) >= times)

    def answers(self, last):
        """Waits until the last line of some points was answered."""
        line = last.splitlines(keepends=True)[-1]
        self.wait_for(lambda: line in self.out)

    def end(self):
        """Its exit code; out and messages are whole then."""
        try:
            self.process.stdin.close()
        except BrokenPipeError:
            pass
        code = self.process.wait(timeout=120)
        for thread in self.threads:
            thread.join()
        self.out, self.messages = bytes(self.out), bytes(self.messages)
        self.process.stdout.close()
        self.process.stderr.close()
        return code
