"""As much of Ray as an executor sees of it, in this process: actors, references, and machines that die."""

from types import SimpleNamespace

from ray import exceptions

from earmark.engine.wire import decode_task, encode
from earmark.engine.worker import handle
from earmark.errors import EarmarkError


class FakeRay:
    """Does what is asked of an actor when it is waited for, the oldest first.

    Attributes
    ----------
    cores : of the cluster
    dying : name of a file -> how many actors die with it
    refusals : what the next actors say when they are asked whether they can work
    most, started, killed : tasks that one actor had at once; actors
    """

    exceptions = exceptions

    def __init__(self, cores=2):
        self.cores, self.dying, self.refusals, self.lies = cores, {}, [], set()
        self.most = self.started = self.killed = 0
        self.options_given = {}

    def cluster_resources(self):
        return {"CPU": float(self.cores)}

    def remote(self, kind):
        def options(**given):
            self.options_given = given
            return SimpleNamespace(remote=lambda *arguments: Actor(self, kind(*arguments)))

        return SimpleNamespace(options=options)

    def wait(self, references, num_returns, timeout):
        if timeout == 0:
            done = [one for one in references if one.done]
        else:
            done = references[:1]
            done[0].run()
        return done, [one for one in references if one not in done]

    def get(self, reference):
        if isinstance(reference.result, Exception):
            raise reference.result
        return reference.result

    def kill(self, actor):
        actor.dead = True
        self.killed += 1


class Actor:
    def __init__(self, ray, worker):
        self.ray, self.worker, self.dead, self.waiting = ray, worker, False, 0
        ray.started += 1
        self.ready, self.ask = SimpleNamespace(remote=self._ready), SimpleNamespace(remote=self._ask)

    def _ready(self):
        return Reference(lambda: self.ray.refusals.pop(0) if self.ray.refusals else "")

    def _ask(self, body):
        self.waiting += 1
        self.ray.most = max(self.ray.most, self.waiting)
        return Reference(lambda: self._do(body))

    def _do(self, body):
        self.waiting -= 1
        name = decode_task(body).path.rsplit("/", 1)[1]
        if self.dead or self.ray.dying.get(name, 0):
            self.ray.dying[name] = self.ray.dying.get(name, 1) - 1
            self.dead = True
            raise exceptions.ActorDiedError()
        return b"\0" if name in self.ray.lies else self.worker.ask(body)


class Reference:
    def __init__(self, work):
        self.work, self.done, self.result = work, False, None

    def run(self):
        self.done = True
        try:
            self.result = self.work()
        except exceptions.RayError as error:
            self.result = error


def in_process(model, limits):
    """In place of `NodeWorker`: tasks are done here."""

    class Here:
        def __init__(self, *arguments):
            pass

        def ask(self, body):
            task = decode_task(body)
            try:
                return encode(handle(task, model, limits))
            except EarmarkError as error:
                from earmark.engine.protocol import Failed

                return encode(Failed(task.path, error.problem, error.remedy))

    return Here
