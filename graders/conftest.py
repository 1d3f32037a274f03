"""``pytest graders`` in a clone that is not installed: load the plug-in that an installed descentlab brings along."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pytest


def pytest_addoption(parser: pytest.Parser, pluginmanager: pytest.PytestPluginManager) -> None:
    """Register the plug-in and its options where the entry point has not done so."""
    from graders.frontends import pytest_plugin

    if not pluginmanager.is_registered(pytest_plugin) and not pluginmanager.hasplugin("descentlab"):
        pluginmanager.register(pytest_plugin, "descentlab")
        pytest_plugin.add_run_options(parser)
