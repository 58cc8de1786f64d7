"""The cluster file is held against Ray's own validator, and against what docs/cluster.md promises of it."""

import re
from pathlib import Path

import pytest
import yaml
from ray.autoscaler._private.providers import _get_default_config
from ray.autoscaler._private.util import merge_legacy_yaml_with_defaults, validate_config

import earmark

FILE = Path(__file__).parents[1] / "deploy" / "ray-cluster.yaml"


@pytest.fixture
def config():
    return yaml.safe_load(FILE.read_text(encoding="utf-8"))


def filled(config):
    """With the defaults of Ray's provider, as `ray up` fills them in before it validates."""
    return {**_get_default_config(config["provider"]), **config}


def test_rays_own_validator_takes_it(config):
    validate_config(filled(config))
    assert merge_legacy_yaml_with_defaults


@pytest.mark.parametrize(
    ("where", "value"), [("max_workers", "many"), ("head_node_type", "none"), ("provider", {}), ("no_such_key", 1)]
)
def test_the_validator_would_see_a_mistake(config, where, value):
    with pytest.raises(Exception, match=r"many|head_node_type|type|no_such_key"):
        validate_config(filled(config) | {where: value})


@pytest.mark.parametrize("kind", ["head", "worker"])
def test_every_ray_is_started_with_a_token_and_tells_nobody(config, kind):
    (start,) = [line for line in config[f"{kind}_start_ray_commands"] if " start" in line]
    assert "RAY_AUTH_MODE=token RAY_USAGE_STATS_ENABLED=0 " in start
    assert "--disable-usage-stats" in start
    assert "0.0.0.0" not in start
    assert config["provider"]["use_internal_ips"] is True
    assert "~/.ray/auth_token" in config["file_mounts"]


def test_there_is_no_dashboard_and_options_are_rays_own(config):
    from ray.scripts.scripts import start

    known = {option for parameter in start.params for option in parameter.opts}
    lines = config["head_start_ray_commands"] + config["worker_start_ray_commands"]
    used = {option for line in lines for option in re.findall(r"--[a-z-]+", line)}
    assert used <= known
    assert any("--include-dashboard=false" in line for line in config["head_start_ray_commands"])


def test_it_installs_this_release(config):
    assert any(f"earmark[cloud,cluster]=={earmark.__version__}" in line for line in config["setup_commands"])
