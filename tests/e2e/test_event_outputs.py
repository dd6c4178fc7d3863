"""The config of docs/events.md: events that open go to a webhook, all of their rows to a file."""

import http.server
import json
import pathlib
import threading

from telegraf_test import HERE, TelegrafTest, free_port, main, parsed

CONFIGS = HERE.parents[1] / "configs/events"


def usage(i):
    """Two hosts; the first has an incident of 30 points, the second none."""
    return 50 + i * 7 % 5 + (45 if 150 <= i < 180 else 0)


DATA = b"".join(b"cpu,host=a usage_user=%d %d000000000\ncpu,host=b usage_user=%d %d000000000\n"
                % (usage(i), 1_700_000_000 + 10 * i, 50 + i * 7 % 5, 1_700_000_000 + 10 * i) for i in range(300))


class Webhook:
    """An HTTP server on loopback that keeps what is posted to it."""

    def __init__(self):
        self.requests = []
        seen = self.requests

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                seen.append((self.path, json.loads(self.rfile.read(int(self.headers["Content-Length"])))))
                self.send_response(204)
                self.end_headers()

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", free_port()), Handler)
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()

    def address(self):
        return f"http://127.0.0.1:{self.server.server_port}"

    def close(self):
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()


class Events(TelegrafTest):
    def outputs(self, webhook, events):
        """The outputs of the config that the page shows, with this test's address and path."""
        text = (CONFIGS / "telegraf.conf").read_text()
        outputs = text[text.index("[[outputs.http]]"):]
        page = (HERE.parents[1] / "docs/events.md").read_text()
        for line in outputs.splitlines():
            if line and not line.strip().startswith(("#", "timeout")):
                self.assertIn(line, page)
        return outputs.replace("http://127.0.0.1:8080", webhook.address()).replace("/var/lib/forecastd/events.lp", str(events))

    def test_open_events_to_a_webhook_and_all_rows_to_a_file(self):
        webhook = Webhook()
        self.addCleanup(webhook.close)
        events = pathlib.Path(self.folder / "events.lp")
        config = (CONFIGS / "cpu.json").read_text()
        _, log = self.run_telegraf(self.from_file(DATA), self.execd(config), self.outputs(webhook, events))
        self.assert_no_errors(log)

        self.assertEqual([path for path, _ in webhook.requests], ["/alarm"])
        posted = webhook.requests[0][1]
        self.assertEqual(posted["name"], "cpu_event")
        self.assertEqual(posted["tags"], {"host": "a", "field": "usage_user"})
        self.assertEqual(posted["fields"]["state"], "open")
        self.assertEqual(posted["fields"]["start"], 1_700_001_500 * 10**9)

        rows = parsed(events.read_bytes())
        self.assertEqual({row["measurement"] for row in rows}, {"cpu_event"})
        ends = [row for row in rows if row["fields"]["state"]["value"] != "update"]
        self.assertEqual([row["fields"]["state"]["value"] for row in ends], ["open", "closed"])
        self.assertEqual({row["fields"]["event_id"]["value"] for row in rows}, {posted["fields"]["event_id"]})
        self.assertEqual(sum(row["measurement"] == "cpu_event" for row in parsed(self.output_bytes())), len(rows))


if __name__ == "__main__":
    main()
