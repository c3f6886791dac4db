# A header-only package is the same on every machine, so everything but the headers goes under share/.
include(CMakePackageConfigHelpers)
set(terse_package_dir "${CMAKE_INSTALL_DATADIR}/cmake/terse")

install(TARGETS terse EXPORT terse-targets FILE_SET HEADERS)
install(EXPORT terse-targets NAMESPACE terse:: DESTINATION "${terse_package_dir}")
if(TARGET terse_mpi)
    install(TARGETS terse_mpi EXPORT terse-mpi-targets FILE_SET HEADERS)
    install(EXPORT terse-mpi-targets NAMESPACE terse:: DESTINATION "${terse_package_dir}")
endif()
if(TERSE_GPU)
    install(TARGETS terse_gpu EXPORT terse-gpu-targets FILE_SET HEADERS)
    install(EXPORT terse-gpu-targets NAMESPACE terse:: DESTINATION "${terse_package_dir}")
endif()
if(TARGET terse_nccl)
    install(TARGETS terse_nccl EXPORT terse-nccl-targets FILE_SET HEADERS)
    install(EXPORT terse-nccl-targets NAMESPACE terse:: DESTINATION "${terse_package_dir}")
endif()

configure_package_config_file("${CMAKE_CURRENT_LIST_DIR}/terse-config.cmake.in" "${PROJECT_BINARY_DIR}/terse-config.cmake"
    INSTALL_DESTINATION "${terse_package_dir}" NO_SET_AND_CHECK_MACRO)
write_basic_package_version_file("${PROJECT_BINARY_DIR}/terse-config-version.cmake"
    COMPATIBILITY SameMinorVersion ARCH_INDEPENDENT)
install(FILES
    "${PROJECT_BINARY_DIR}/terse-config.cmake"
    "${PROJECT_BINARY_DIR}/terse-config-version.cmake"
    "${CMAKE_CURRENT_LIST_DIR}/terse-fp-contract.cmake"
    "${CMAKE_CURRENT_LIST_DIR}/FindNCCL.cmake"
    "${CMAKE_CURRENT_LIST_DIR}/FindRandom123.cmake"
    "${CMAKE_CURRENT_LIST_DIR}/FindThrustHeaders.cmake"
    DESTINATION "${terse_package_dir}")

configure_file("${CMAKE_CURRENT_LIST_DIR}/terse.pc.in" "${PROJECT_BINARY_DIR}/terse.pc" @ONLY)
install(FILES "${PROJECT_BINARY_DIR}/terse.pc" DESTINATION "${CMAKE_INSTALL_DATADIR}/pkgconfig")
install(FILES "${PROJECT_SOURCE_DIR}/LICENSE" DESTINATION "${CMAKE_INSTALL_DOCDIR}")
