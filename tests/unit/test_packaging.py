"""What is in the folders is in the distribution."""

import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_every_package_is_listed():
    listed = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["setuptools"]["packages"]
    core = {path.parent.relative_to(ROOT / "src") for path in (ROOT / "src").rglob("__init__.py")}
    plugin = {path.parent.relative_to(ROOT) for path in (ROOT / "napari_mcn").rglob("__init__.py")}
    found = {".".join(path.parts) for path in core | plugin} | {"napari_mcn.sample_data"}
    assert found == set(listed)
