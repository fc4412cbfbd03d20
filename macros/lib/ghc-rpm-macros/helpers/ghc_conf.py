# Library:    ghc-rpm-macros 2.7, what a library registers
# Documented: https://downloads.haskell.org/ghc/latest/docs/users_guide/packages.html, "Package databases"
# Targets:    all distributions
# Deviations: none
"""Reads the files of GHC's package databases."""

import os


def read(path):
    """The fields, each with its words; `depends: a b` may go on in indented lines."""
    fields, words = {}, []
    with open(path, encoding="utf-8") as file:
        for line in file:
            if line[:1] not in (" ", "\t", "\n"):
                name, _, line = line.partition(":")
                words = fields.setdefault(name.lower(), [])
            words += line.split()
    return fields


def databases(root):
    for folder, _, files in os.walk(root):
        if os.path.basename(folder) == "package.conf.d":
            yield folder, [it for it in sorted(files) if it.endswith(".conf")]


def paths(fields, name, database):
    """The directories and files of a field; `${pkgroot}` is where the database lies."""
    top = os.path.dirname(database)
    return [it.strip('"').replace("${pkgroot}", top) for it in fields.get(name, [])]
