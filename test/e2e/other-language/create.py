"""A `create` in another language: what functions/README.md asks of a function, and nothing more.

Makes simulated machines with the project's simulated docker-machine. Standard library only. Keeps no leases: its least
promise is that it does not work twice on one event at the same time.

    PORT=9090 FUNCTIONS_SECRET=… SIMULATED="node functions/bundled/simulated/docker-machine.ts" python3 create.py
"""

import base64
import hmac
import io
import json
import os
import queue
import re
import shlex
import subprocess
import tarfile
import tempfile
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PORT = int(os.environ.get("PORT", "9090"))
SECRET = os.environ.get("FUNCTIONS_SECRET", "")
DOCKER_MACHINE = shlex.split(os.environ["SIMULATED"])
BODY_BYTES_MAX = 8 * 1024 * 1024
BEAT_SECONDS = 5
PROBLEM = "application/problem+json"

# Event ids that are being worked on.
running = set()
running_lock = threading.Lock()


class Refusal(Exception):
    """Answered as problem+json. A 400 or 422 becomes the machine's error; nothing is tried again."""

    def __init__(self, status, code, detail, **more):
        super().__init__(detail)
        self.status = status
        self.problem = {"type": "about:blank", "title": code, "status": status, "code": code, "detail": detail, **more}


def read_event(body):
    try:
        event = json.loads(body)
        machine = event["data"]["machine"]
        name, driver = machine["machineName"], machine["driver"]
        texts = [event[key] for key in ("id", "replyTo", "resourceType", "resourceId")]
    except (ValueError, KeyError, TypeError) as error:
        raise Refusal(400, "event.invalid", f"This is no event: {error!r}") from error
    if not all(isinstance(text, str) for text in texts) or not re.fullmatch(r"[0-9A-Za-z][0-9A-Za-z.-]{0,99}", str(name)):
        raise Refusal(422, "event.invalid", "The event is not as functions/contract.ts says", field="data.machine.machineName")
    if driver != "simulated":
        raise Refusal(422, "driver.notFound", f"There is no driver {driver} here", field="driver", expected="simulated", got=driver)
    return event


def run_docker_machine(storage, *words, on_line=None):
    environment = {**os.environ, "MACHINE_STORAGE_PATH": storage}
    with subprocess.Popen(
        [*DOCKER_MACHINE, *words], env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as child:
        errors = []
        reader = threading.Thread(target=lambda: errors.append(child.stderr.read()))
        reader.start()
        lines = []
        for line in child.stdout:
            lines.append(line.rstrip("\n"))
            if on_line:
                on_line(lines[-1])
        reader.join()
    return child.returncode, lines, errors[0].strip()


def flags_of(options):
    """--simulated-fail-at for failAt."""
    flags = []
    for name, value in options.items():
        flag = "--simulated-" + re.sub(r"[A-Z]", lambda letter: "-" + letter.group().lower(), name)
        if value is True:
            flags.append(flag)
        elif value not in (False, ""):
            flags += [flag, str(value)]
    return flags


def pack(storage, machine):
    """The archive: the storage directory as tar.gz, with a note of what wrote it and where."""
    _, [version], _ = run_docker_machine(storage, "--version")
    note = {
        "format": 1,
        "program": "simulated",
        "version": re.search(r"version v?([^\s,]+)", version).group(1),
        "storePath": storage,
        "machineName": machine["machineName"],
        "driver": machine["driver"],
    }
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as archive:
        text = json.dumps(note).encode()
        entry = tarfile.TarInfo("machine-relay.json")
        entry.size = len(text)
        archive.addfile(entry, io.BytesIO(text))
        for name in ("certs", "machines"):
            archive.add(os.path.join(storage, name), arcname=name)
    return base64.b64encode(packed.getvalue()).decode()


def create(event, tell):
    """The work. `tell(name, data)` says how far it is. Returns the reply."""
    machine = event["data"]["machine"]
    name = machine["machineName"]
    reply = {
        "name": event["replyTo"],
        "previousIds": [event["id"]],
        "resourceType": event["resourceType"],
        "resourceId": event["resourceId"],
        **({"run": event["run"]} if "run" in event else {}),
    }
    with tempfile.TemporaryDirectory() as storage:
        # Of an earlier run whose answer was lost: a second firing must not make a second machine.
        _, found, _ = run_docker_machine(storage, "census", name)
        for line in found:
            run_docker_machine(storage, "destroy", json.loads(line)["id"])

        def on_line(line):
            tell("log", {"stream": "stdout", "line": line})
            tell("progress", {"message": line, "progress": None, "stage": None})

        flags = flags_of(machine["driverConfig"])
        code, _, errors = run_docker_machine(storage, "create", "-d", "simulated", *flags, name, on_line=on_line)
        if code != 0:
            run_docker_machine(storage, "rm", "-y", name)
            data = {"machine": {"archive": None}}
            return {**reply, "transitioning": "error", "code": "driver.failed", "transitioningMessage": errors, "data": data}
        archive = pack(storage, machine)
        tell("checkpoint", {"number": 1, "archive": archive})
        with open(os.path.join(storage, "machines", name, "config.json"), encoding="utf-8") as file:
            driver = json.load(file)["Driver"]
        facts = {"archive": archive, "ipAddress": driver["IPAddress"], "providerId": driver["VMId"]}
        done = f"{machine['name']} is created, in Python"
        return {**reply, "transitioning": "no", "transitioningMessage": done, "data": {"machine": facts}}


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        if self.path in ("/healthz", "/readyz"):
            return self.answer(200, {"ok": True, "ready": True, "version": "python"})
        # Also /invocations/…: so the relay learns that no leases are kept here.
        return self.answer(404, Refusal(404, "route.unknown", f"There is no {self.path} here").problem, PROBLEM)

    def do_POST(self):
        try:
            length = int(self.headers.get("content-length") or 0)
            if length > BODY_BYTES_MAX:
                self.close_connection = True
                raise Refusal(413, "body.tooLarge", f"More than {BODY_BYTES_MAX} bytes")
            body = self.rfile.read(length)
            given = self.headers.get("authorization", "")
            if not hmac.compare_digest(given.encode(), f"Bearer {SECRET}".encode()):
                raise Refusal(401, "key.wrong", "Authorization must be Bearer and FUNCTIONS_SECRET")
            if self.path not in ("/", "/create"):
                raise Refusal(404, "route.unknown", f"There is no {self.path} here")
            event = read_event(body)
            with running_lock:
                if event["id"] in running:
                    raise Refusal(409, "invocation.running", f"{event['id']} is being worked on")
                running.add(event["id"])
        except Refusal as refusal:
            return self.answer(refusal.status, refusal.problem, PROBLEM)
        try:
            if "text/event-stream" in self.headers.get("accept", ""):
                self.stream(event)
            else:
                self.answer(200, create(event, lambda name, data: None))
        finally:
            with running_lock:
                running.discard(event["id"])

    def stream(self, event):
        messages = queue.Queue()
        tell = lambda name, data: messages.put((name, data))
        worker = threading.Thread(target=lambda: tell("reply", create(event, tell)))
        worker.start()
        self.send_response(200)
        self.send_header("content-type", "text/event-stream")
        self.send_header("connection", "close")
        self.end_headers()
        self.close_connection = True
        beat, name = 1, "beat"
        try:
            self.send("beat", {"number": beat})
            while name != "reply":
                try:
                    name, data = messages.get(timeout=BEAT_SECONDS)
                except queue.Empty:
                    beat += 1
                    name, data = "beat", {"number": beat}
                self.send(name, data)
        except OSError:
            pass  # Nobody listens any more. What is begun is finished all the same, and found by the next run.
        worker.join()

    def send(self, name, data):
        self.wfile.write(f"event: {name}\ndata: {json.dumps(data)}\n\n".encode())
        self.wfile.flush()

    def answer(self, status, body, content_type="application/json"):
        text = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("content-type", content_type)
        self.send_header("content-length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *_):
        pass  # Not a word of what is in events.


if __name__ == "__main__":
    if not SECRET:
        raise SystemExit("FUNCTIONS_SECRET must be set: events carry credentials")
    with ThreadingHTTPServer(("127.0.0.1", PORT), Handler) as server:
        print(f"listening on {PORT}", flush=True)
        server.serve_forever()
