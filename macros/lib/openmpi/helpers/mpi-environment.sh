# Library:    openmpi 5.0 and mpich 4.2, the environment of builds with MPI
# Documented: https://docs.fedoraproject.org/en-US/packaging-guidelines/MPI/
# Targets:    all distributions
# Deviations: works without environment modules
#
# Read by build scripts: mpi_load NAME ARCH BIN LIB INCLUDE SYSCONFIG MAN FORTRAN PYTHON LIBDIR sets what a module of the
# distribution would, mpi_unload NAME ARCH takes it back.

mpi_modules() {
    [ -r /etc/profile.d/modules.sh ] || return 1
    [ -e "/etc/modulefiles/mpi/$1-$2" ] || [ -e "/usr/share/modulefiles/mpi/$1-$2" ] || return 1
    . /etc/profile.d/modules.sh
}

mpi_load() {
    if mpi_modules "$1" "$2"; then
        module load "mpi/$1-$2"
        return
    fi
    export MPI_COMPILER="$1-$2" MPI_SUFFIX="_$1" MPI_BIN=$3 MPI_LIB=$4 MPI_INCLUDE=$5 MPI_SYSCONFIG=$6 MPI_MAN=$7
    export MPI_FORTRAN_MOD_DIR=$8 MPI_PYTHON3_SITEARCH=$9 MPI_HOME=${10}/$1
    mpi_path=$PATH mpi_libraries=${LD_LIBRARY_PATH-} mpi_packages=${PKG_CONFIG_PATH-}
    # Compilers of this library alone: mpicc, where the host calls it mpicc.openmpi.
    mpi_programs=$(mktemp -d "${TMPDIR:-/tmp}/mpi.XXXXXX")
    for mpi_program in /usr/bin/*."$1"; do
        [ -x "$mpi_program" ] || continue
        ln -s "$mpi_program" "$mpi_programs/$(basename "$mpi_program" ".$1")"
    done
    export PATH="$mpi_programs:$MPI_BIN:$PATH"
    export LD_LIBRARY_PATH="$MPI_LIB${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"
    export PKG_CONFIG_PATH="$MPI_LIB/pkgconfig${PKG_CONFIG_PATH:+:$PKG_CONFIG_PATH}"
}

mpi_unload() {
    if mpi_modules "$1" "$2"; then
        module unload "mpi/$1-$2"
        return
    fi
    [ -n "${mpi_programs-}" ] || return 0
    rm -rf "$mpi_programs"
    export PATH="$mpi_path" LD_LIBRARY_PATH="$mpi_libraries" PKG_CONFIG_PATH="$mpi_packages"
    unset MPI_COMPILER MPI_SUFFIX MPI_BIN MPI_LIB MPI_INCLUDE MPI_SYSCONFIG MPI_MAN MPI_FORTRAN_MOD_DIR \
        MPI_PYTHON3_SITEARCH MPI_HOME mpi_programs
}
