# What the scripts of this folder have in common.

# run COMMAND...: its exit status is printed; what it says is in the files `stdout`, `stderr` and
# `said` (both).
run() {
    local status=0
    "$@" >"$TOP/stdout" 2>"$TOP/stderr" </dev/null || status=$?
    cat "$TOP/stdout" "$TOP/stderr" >"$TOP/said"
    echo "exit $status"
}

# found PATTERN: what Perl's (and Python's) expression matches in standard output.
found() {
    grep -oP -- "$1" "$TOP/stdout" || echo "nothing matches $1"
}

# told PATTERN: the lines of both outputs that an expression matches.
told() {
    grep -P -- "$1" "$TOP/said" || echo "nobody tells $1"
}

# files DIR PATTERN: the files below a directory that have such names, by find(1).
files() {
    (cd "$1" && find . -type f -name "$2" | LC_ALL=C sort | sed 's,^\./,,')
}

# in_chroot COMMAND: as mock runs a command line in its build root.
in_chroot() {
    run env -i TERM=vt100 SHELL=/bin/bash HOME="$TOP/builddir" HOSTNAME=mock PATH="$PATH" LANG=C.UTF-8 \
        PROMPT_COMMAND='' PS1='' bash -c "$1"
}

# as_abuild COMMAND: as OBS runs a command line, for a user who logs in.
as_abuild() {
    run env -i HOME="$TOP/home/abuild" LOGNAME=abuild MAIL=/var/mail/abuild PATH="$PATH" SHELL=/bin/bash \
        TERM=dumb USER=abuild RPM_BUILD_NCPUS=2 SUSE_IGNORED_RPATHS=/etc/suse-ignored-rpaths.conf \
        bash -c "$1"
}
