"""The executor of a cluster: who does what and what is lost, on a Ray of a few lines; then on a real one."""

import os
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import psutil
import pytest

from catalogues import contents, write_music
from earmark.catalogue.store import Store
from earmark.engine import cluster
from earmark.engine.cluster import MOST_LOST, RayExecutor
from earmark.engine.limits import Limits
from earmark.engine.local import LocalExecutor
from earmark.engine.protocol import Failed, Identified, Identify
from earmark.engine.ray_session import LOOPBACK, SILENT
from earmark.engine.scan import scan
from earmark.errors import ClusterLost
from fake_ray import FakeRay, in_process
from far_places import bucket, s3_server  # noqa: F401
from sounds import chord, write_sound

HOSTILE = (sys.executable, str(Path(__file__).parents[1] / "helpers" / "hostile_worker.py"))


@pytest.fixture
def ray(monkeypatch, model):
    fake = FakeRay()
    monkeypatch.setattr(cluster, "RaySession", lambda address, cores: SimpleNamespace(ray=fake, close=lambda: None))
    monkeypatch.setattr(cluster, "NodeWorker", in_process(model, Limits()))
    return fake


@pytest.fixture
def executor(ray, model):
    return RayExecutor(model, "tiny", None, Limits())


@pytest.fixture
def paths(music):
    return sorted(map(str, music.iterdir()))


def replies(executor, paths):
    for path in paths:
        executor.submit(Identify(path))
    return sorted((executor.wait() for _ in paths), key=lambda reply: reply.path)


def test_every_task_has_one_reply(executor, ray, paths):
    found = replies(executor, paths)
    assert [reply.path for reply in found] == paths
    assert all(isinstance(reply, Identified) for reply in found)
    assert (executor.capacity, ray.started, ray.most) == (4, 2, 2)
    assert ray.options_given | {"runtime_env": None} == {
        "num_cpus": 1, "max_restarts": 0, "max_task_retries": 0, "runtime_env": None,
    }  # fmt: skip


def test_an_actor_has_its_next_task_before_the_replies_that_are_there_are_taken(ray, model, paths):
    executor = RayExecutor(model, "tiny", 1, Limits())
    for path in paths[:2]:
        executor.submit(Identify(path))
    executor.wait()
    executor._replies.append("another that is there")
    executor.submit(Identify(paths[2]))
    assert executor.wait() == "another that is there"
    assert [task.path for task in executor._seats[0].tasks] == [paths[1], paths[2]]


def test_a_scan_on_it_gives_the_same_catalogue(executor, music, model, tmp_path, run_scan):
    report = scan(Store(tmp_path / "ray", create=True), [music], model, "tiny", executor=executor)
    run_scan()
    assert (report.analysed, report.failed) == (5, [])
    assert contents(tmp_path / "ray") == contents(tmp_path / "catalogue")


def test_what_a_lost_machine_had_is_done_elsewhere(executor, ray, paths):
    ray.dying = {"high.flac": 1, "low.flac": 2}
    found = replies(executor, paths)
    assert [reply.path for reply in found] == paths
    assert all(isinstance(reply, Identified) for reply in found)
    assert ray.started == 5


def test_a_file_under_which_machines_are_lost_again_and_again_costs_itself(executor, ray, paths):
    ray.dying = {"high.flac": 99}
    found = replies(executor, paths)
    failed = [reply for reply in found if isinstance(reply, Failed)]
    assert [Path(reply.path).name for reply in failed] == ["high.flac"]
    assert f"were lost, {MOST_LOST} times" in failed[0].problem
    assert failed[0].again


def test_a_reply_that_is_none_fails_its_file(executor, ray, paths):
    ray.lies = {"low.flac"}
    (failed,) = [reply for reply in replies(executor, paths) if isinstance(reply, Failed)]
    assert "has a fault or was taken over" in failed.problem


def test_a_machine_that_cannot_work_is_left_and_others_are_asked(executor, ray, paths):
    ray.refusals = ["no such model", "no such model"]
    assert len(replies(executor, paths)) == 5


def test_where_none_can_work_the_cause_is_told(executor, ray, paths):
    ray.refusals = ["no such model"] * 9
    with pytest.raises(ClusterLost, match="its machines cannot work: no such model"):
        replies(executor, paths)


def test_a_cluster_without_a_free_core_is_not_waited_for_for_ever(executor, ray, paths, monkeypatch):
    monkeypatch.setattr(cluster, "START_LIMIT", 0.05)
    monkeypatch.setattr(ray, "wait", lambda references, num_returns, timeout: (time.sleep(0.03), ([], references))[1])
    with pytest.raises(ClusterLost, match="no machine of it has been ready"):
        replies(executor, paths)


def test_what_is_done_is_kept_where_the_cluster_is_lost(ray, model, music, tmp_path):
    executor = RayExecutor(model, "tiny", 1, Limits())
    real, seen = executor.wait, []

    def wait():
        if len(seen) == 2:
            raise ClusterLost("the cluster", "it is gone", "Scan again.")
        seen.append(1)
        return real()

    executor.wait = wait
    store = Store(tmp_path / "ray", create=True)
    with pytest.raises(ClusterLost):
        scan(store, [music], model, "tiny", executor=executor)
    assert len(Store(tmp_path / "ray")) == 2


def test_a_woken_scan_ends_and_all_actors_with_it(executor, ray, paths):
    for path in paths:
        executor.submit(Identify(path))
    executor.wait()
    executor.wake()
    assert executor.wait() is None
    executor.close()
    assert ray.killed == ray.started


# -- a real Ray ------------------------------------------------------------------------------------------------------


def listening(pid):
    processes = [psutil.Process(pid), *psutil.Process(pid).children(recursive=True)]
    return {one.laddr.ip for process in processes for one in process.net_connections("tcp") if one.status == "LISTEN"}


def test_a_scan_on_a_real_ray_is_on_loopback_behind_a_token_and_a_crash_costs_one_file(
    tmp_path, music, model, run_scan, monkeypatch
):
    """One start of Ray for all of it: that takes some ten seconds."""
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    write_sound(music / "crash.flac", chord(0.5))
    executor = RayExecutor(model, "tiny", 1, Limits(), command=HOSTILE)
    address = executor._ray.get_runtime_context().gcs_address
    token, found = os.environ["RAY_AUTH_TOKEN"], listening(os.getpid())
    stranger = subprocess.run(
        [sys.executable, "-c", f"from earmark.engine.ray_session import RaySession; RaySession({address!r}, 1)"],
        env=os.environ | {"RAY_AUTH_TOKEN": "f" * 64}, capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    report = scan(Store(tmp_path / "ray", create=True), [music], model, "tiny", executor=executor)

    assert (report.analysed, [failure.problem for failure in report.failed]) == (5, ["its decoder crashed (SIGSEGV)"])
    assert {ip.removeprefix("::ffff:") for ip in found} == {"127.0.0.1"}
    assert stranger.returncode != 0
    assert "another token" in stranger.stderr
    assert "Unauthenticated" in stranger.stderr
    assert (len(token), "RAY_AUTH_TOKEN" in os.environ, (tmp_path / "home").exists()) == (64, False, False)
    (music / "crash.flac").unlink()
    run_scan()
    assert contents(tmp_path / "ray")["tracks"] == contents(tmp_path / "catalogue")["tracks"]


CLUSTER = """
import sys
from ray.cluster_utils import Cluster
local = {"node_ip_address": "127.0.0.1", "include_dashboard": False, "num_cpus": 1}
cluster = Cluster(initialize_head=True, head_node_args=local)
node = cluster.add_node(**local)
print(cluster.address, flush=True)
sys.stdin.readline()
cluster.remove_node(node, allow_graceful=False)
print("killed", flush=True)
sys.stdin.readline()
cluster.shutdown()
"""


@pytest.fixture
def two_raylets(monkeypatch):
    """A cluster of two machines' worth of Ray on this one; writing a line to it kills the second."""
    secret = {"RAY_AUTH_MODE": "token", "RAY_AUTH_TOKEN": "a" * 64}
    for name, value in secret.items():
        monkeypatch.setenv(name, value)
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL, "text": True}
    process = subprocess.Popen([sys.executable, "-c", CLUSTER], env=os.environ | SILENT | LOOPBACK | secret, **pipes)
    process.address = process.stdout.readline().strip()
    yield process
    process.communicate("\n\n", timeout=60)


@pytest.mark.long
def test_a_node_that_is_killed_in_the_middle_costs_nothing(bucket, two_raylets, tmp_path, model):  # noqa: F811
    """Thirty songs in a bucket, heard on two raylets; one of them is killed after eight. No row is lost or doubled."""
    for path in write_music(tmp_path / "many", [f"song {i}" for i in range(30)], seconds=20).iterdir():
        bucket.put(f"music/{path.name}", path)
    music = f"s3://{bucket.name}/music"
    executor = RayExecutor(model, "tiny", 2, Limits(), two_raylets.address)
    done, nodes = [], set()
    real = executor.wait

    def wait():
        nodes.update(node["NodeID"] for node in executor._ray.nodes() if node["Alive"])
        if len(done) == 8:
            two_raylets.stdin.write("\n")
            two_raylets.stdin.flush()
            two_raylets.stdout.readline()
        done.append(reply := real())
        return reply

    executor.wait = wait
    report = scan(Store(tmp_path / "ray", create=True), [music], model, "tiny", executor=executor)

    assert (report.analysed, report.failed, report.left, len(nodes)) == (30, [], 0, 2)
    assert sum(executor._lost.values()) >= 1
    local = LocalExecutor(model, 1, Limits())
    scan(Store(tmp_path / "local", create=True), [music], model, "tiny", executor=local)
    assert contents(tmp_path / "ray") == contents(tmp_path / "local")
    assert len(Store(tmp_path / "ray").files()) == 30
