# Library:    cargo-rpm-macros 26, versions
# Documented: https://doc.rust-lang.org/cargo/reference/specifying-dependencies.html
# Targets:    all distributions
# Deviations: none
"""Versions that Cargo asks for, in rpm's words."""

import re

COMPARATOR = re.compile(
    r"(?P<sign>=|>=?|<=?|~|\^)?\s*v?"
    r"(?P<numbers>\d+(?:\.(?:\d+|[*xX])){0,2})"
    r"(?:-(?P<early>[0-9A-Za-z.-]+))?(?:\+[0-9A-Za-z.-]+)?$"
)


def rpm_version(version):
    """`1.2.0-rc.1+meta` is `1.2.0~rc.1`."""
    return version.split("+")[0].replace("-", "~", 1).replace("-", "_")


def requirement(capability, written):
    """A dependency on a capability, by a requirement such as `^1.2`, `>=1, <3` or `*`."""
    if written.strip() in ("", "*", "x", "X"):
        return capability
    found = [bound for part in written.split(",") for bound in bounds(part.strip(), written)]
    if len(found) > 2:
        raise ValueError("`{}` has more than two bounds, rpm can write two".format(written))
    texts = ["{} {} {}".format(capability, sign, version) for sign, version in found]
    return texts[0] if len(texts) == 1 else "({})".format(" with ".join(texts))


def bounds(text, written):
    """The sides of the range that one comparator allows, as (sign, version)."""
    match = COMPARATOR.match(text)
    if not match:
        raise ValueError("`{}` is no requirement on a version".format(written))
    all_parts = match["numbers"].split(".")
    parts = [int(it) for it in all_parts if it.isdigit()]
    sign = "*" if len(parts) < len(all_parts) else match["sign"] or "^"
    low, last = lowest(parts, match["early"]), len(parts) - 1
    if len(parts) == 3 and sign in ("=", "<=", ">"):
        return [(sign, low)]
    if sign == ">=":
        return [(">=", low)]
    if sign == "<":
        return [("<", low if match["early"] else low + "~")]
    if sign == "<=":
        return [("<", after(parts, last) + "~")]
    if sign == ">":
        return [(">=", after(parts, last))]
    if sign == "~":
        return [(">=", low), ("<", after(parts, min(last, 1)) + "~")]
    if sign in ("=", "*"):
        return [(">=", low), ("<", after(parts, last) + "~")]
    first = next((at for at, part in enumerate(parts) if part), last)
    if first == 2 and not match["early"]:
        return [("=", low)]
    return [(">=", low), ("<", after(parts, first) + "~")]


def lowest(parts, early):
    whole = ".".join(str(it) for it in parts + [0] * (3 - len(parts)))
    return rpm_version(whole + "-" + early) if early else whole


def after(parts, at):
    """The first version whose number at a place is higher."""
    raised = parts[:at] + [parts[at] + 1] + [0] * (2 - at)
    return ".".join(str(it) for it in raised)
