# Library:    python-rpm-generators and pyproject-rpm-macros, requirements in rpm's words
# Documented: PEP 440 (versions), PEP 508 (requirements);
#             rpm docs/manual/boolean_dependencies.md
# Targets:    all distributions
# Deviations: none
"""Turns Python requirements into rpm dependencies such as `python3dist(x) >= 1.2`."""

import re


def load_packaging():
    """The packaging library: its own package, or the copy inside setuptools or pip."""
    for prefix in ("", "setuptools._vendor.", "setuptools.extern.", "pip._vendor."):
        try:
            names = ("requirements", "version", "specifiers")
            return [__import__(prefix + "packaging." + name, fromlist=["x"]) for name in names]
        except ImportError:
            continue
    raise ImportError("the Python library `packaging` is needed to read requirements")


requirements, versions, specifiers = load_packaging()


def normalized(name):
    """PEP 503 spelling of a name."""
    return re.sub(r"[-_.]+", "-", name).lower()


def evr(version):
    """A PEP 440 version as rpm orders it: `1.0rc1` is `1~rc1`, trailing zeros are cut."""
    parsed = versions.Version(version)
    release = list(parsed.release)
    while len(release) > 1 and release[-1] == 0:
        release.pop()
    text = ".".join(map(str, release))
    if parsed.epoch:
        text = "{}:{}".format(parsed.epoch, text)
    if parsed.pre:
        text += "~{}{}".format(*parsed.pre)
    if parsed.post is not None:
        text += "^post{}".format(parsed.post)
    if parsed.dev is not None:
        text += "~~dev{}".format(parsed.dev)
    return text


def _next_release(version, keep):
    """The release above all that share the first `keep` numbers: 1.4, 1 -> 2."""
    numbers = list(versions.Version(version).release)[:keep]
    numbers[-1] += 1
    return ".".join(map(str, numbers))


def _clauses(capability, operator, version):
    """One specifier as a list of clauses that all must hold."""
    if version.endswith(".*"):
        stem = version[:-2]
        low = evr(stem)
        high = evr(_next_release(stem, len(stem.split("."))))
        if operator == "!=":
            return ["({0} < {1} or {0} >= {2})".format(capability, low, high)]
        return ["{} >= {}".format(capability, low), "{} < {}".format(capability, high)]
    value = evr(version)
    if operator == "~=":
        keep = len(versions.Version(version).release) - 1
        return ["{} >= {}".format(capability, value), "{} < {}".format(capability, evr(_next_release(version, keep)))]
    if operator == "!=":
        return ["({0} < {1} or {0} > {1})".format(capability, value)]
    rpm_operator = {"==": "=", "===": "="}.get(operator, operator)
    return ["{} {} {}".format(capability, rpm_operator, value)]


def dependency(name, specifier_set, major="3", extras=()):
    """The dependencies that a requirement means: one for the package, one per extra."""
    found = []
    suffixes = [""] + ["[{}]".format(normalized(extra)) for extra in sorted(extras)]
    for suffix in suffixes:
        capability = "python{}dist({}{})".format(major, normalized(name), suffix)
        clauses = []
        for specifier in sorted(specifier_set, key=lambda it: (it.operator, it.version)):
            clauses += _clauses(capability, specifier.operator, specifier.version)
        if not clauses:
            found.append(capability)
        elif len(clauses) == 1:
            found.append(clauses[0])
        else:
            found.append("({})".format(" with ".join(clauses)))
    return found


def applicable(requirement, extras=()):
    """Whether the marker of a requirement holds here, with any of the extras asked for."""
    if requirement.marker is None:
        return True
    return any(requirement.marker.evaluate({"extra": extra}) for extra in ("", *extras))
