# Library:    pyproject-rpm-macros 1.18, build back ends
# Documented: PEP 517 (hooks), PEP 518 ([build-system]), PEP 660
# Targets:    all distributions
# Deviations: none
"""Finds the build back end of a source tree and calls its hooks in this process."""

import importlib
import os
import sys

LEGACY = ("setuptools.build_meta:__legacy__", ["setuptools >= 40.8"])


def read_toml(path):
    """The content of a TOML file, with the library's or an installed reader."""
    try:
        import tomllib
    except ImportError:
        import tomli as tomllib
    with open(path, "rb") as file:
        return tomllib.load(file)


def project_data():
    """pyproject.toml of the current directory, empty where there is none."""
    return read_toml("pyproject.toml") if os.path.exists("pyproject.toml") else {}


class BackEnd:
    """`build-backend` of a source tree, in the current directory."""

    def __init__(self, data):
        system = data.get("build-system", {})
        legacy_name, legacy_requires = LEGACY
        self.name = system.get("build-backend", legacy_name)
        self.requires = system.get("requires", legacy_requires)
        self.paths = [os.path.abspath(path) for path in system.get("backend-path", [])]

    def load(self):
        """Imports the back end; ImportError if it is not installed."""
        sys.path[:0] = self.paths
        if "setuptools" in self.name:
            sys.path.insert(len(self.paths), os.getcwd())
        module, _, attribute = self.name.partition(":")
        back_end = importlib.import_module(module)
        for name in filter(None, attribute.split(".")):
            back_end = getattr(back_end, name)
        return back_end


def config_settings(pairs):
    """`-C key=value` options as the hooks want them: repeated keys become lists."""
    settings = {}
    for key, _, value in (pair.partition("=") for pair in pairs or []):
        if key in settings:
            former = settings[key]
            settings[key] = (former if isinstance(former, list) else [former]) + [value]
        else:
            settings[key] = value
    return settings or None
