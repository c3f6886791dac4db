# NCCL, and the headers of CUDA's runtime that its own needs: the CUDA toolkit has both, from 13 on; NCCL may be elsewhere,
# in NCCL_ROOT or where a package put it. Defines NCCL::NCCL.
find_path(NCCL_INCLUDE_DIR nccl.h
    HINTS ENV CUDA_PATH ENV CUDA_HOME
    PATHS /usr/local/cuda
    PATH_SUFFIXES include)
find_library(NCCL_LIBRARY nccl
    HINTS ENV CUDA_PATH ENV CUDA_HOME
    PATHS /usr/local/cuda
    PATH_SUFFIXES lib lib64)
find_path(NCCL_CUDA_INCLUDE_DIR cuda_runtime.h
    HINTS "${NCCL_INCLUDE_DIR}" ENV CUDA_PATH ENV CUDA_HOME
    PATHS /usr/local/cuda
    PATH_SUFFIXES include)
mark_as_advanced(NCCL_INCLUDE_DIR NCCL_LIBRARY NCCL_CUDA_INCLUDE_DIR)

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(NCCL REQUIRED_VARS NCCL_LIBRARY NCCL_INCLUDE_DIR NCCL_CUDA_INCLUDE_DIR
    REASON_FAILURE_MESSAGE "install the CUDA toolkit, or NCCL, and say where with NCCL_ROOT")

if(NCCL_FOUND AND NOT TARGET NCCL::NCCL)
    add_library(NCCL::NCCL UNKNOWN IMPORTED)
    set_target_properties(NCCL::NCCL PROPERTIES
        IMPORTED_LOCATION "${NCCL_LIBRARY}"
        INTERFACE_INCLUDE_DIRECTORIES "${NCCL_INCLUDE_DIR};${NCCL_CUDA_INCLUDE_DIR}")
endif()
