"""A listener for tests that lets the test wait for what it hears."""

from queue import Queue

PATIENCE = 30


class Ear:
    def __init__(self):
        self.steps, self.outcomes = Queue(), Queue()

    def progress(self, progress):
        self.steps.put(progress)

    def done(self, result):
        self.outcomes.put(result)

    def failed(self, error):
        self.outcomes.put(error)

    def step(self):
        return self.steps.get(timeout=PATIENCE)

    def outcome(self):
        return self.outcomes.get(timeout=PATIENCE)


def ask(client, method, lane=None, **arguments):
    ear = Ear()
    ear.number = client.request(method, arguments, ear, lane=lane)
    return ear
