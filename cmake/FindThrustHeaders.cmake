# Thrust's headers alone, which is all that its host systems CPP and OMP need: from a CUDA toolkit (13 keeps them in
# include/cccl) or from Debian's libthrust-dev. Defines ThrustHeaders::ThrustHeaders.
find_path(ThrustHeaders_INCLUDE_DIR thrust/version.h
    HINTS ENV CUDA_PATH ENV CUDA_HOME
    PATHS /usr/local/cuda
    PATH_SUFFIXES include/cccl include)
mark_as_advanced(ThrustHeaders_INCLUDE_DIR)

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(ThrustHeaders REQUIRED_VARS ThrustHeaders_INCLUDE_DIR
    REASON_FAILURE_MESSAGE "install the CUDA toolkit, or on Debian: apt-get install libthrust-dev")

if(ThrustHeaders_FOUND AND NOT TARGET ThrustHeaders::ThrustHeaders)
    add_library(ThrustHeaders::ThrustHeaders INTERFACE IMPORTED)
    set_target_properties(ThrustHeaders::ThrustHeaders PROPERTIES
        INTERFACE_INCLUDE_DIRECTORIES "${ThrustHeaders_INCLUDE_DIR}")
endif()
