# terse_mpiexec(<variable> <ranks> <command...>): the command line that runs a command on ranks of this machine, which
# may have fewer cores. Open MPI wants to be told that, and that root may do it; MPICH does not ask.
execute_process(COMMAND "${MPIEXEC_EXECUTABLE}" --version OUTPUT_VARIABLE terse_mpiexec_version ERROR_QUIET)

function(terse_mpiexec variable ranks)
    set(flags "")
    if(terse_mpiexec_version MATCHES "Open MPI|OpenRTE")
        set(flags --oversubscribe --allow-run-as-root)
    endif()
    set(${variable} "${MPIEXEC_EXECUTABLE}" ${flags} ${MPIEXEC_NUMPROC_FLAG} ${ranks} ${MPIEXEC_PREFLAGS} ${ARGN} PARENT_SCOPE)
endfunction()
