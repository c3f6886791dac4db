# What terse and its tests need, from the folder TERSE_DEPS_DIR instead of from packages: headers alone, in
# include/eigen3, include/Random123 and include/boost. ./terse gpu-deps makes such a folder.
foreach(header eigen3/Eigen/Core Random123/philox.h boost/test/included/unit_test.hpp)
    if(NOT EXISTS "${TERSE_DEPS_DIR}/include/${header}")
        message(FATAL_ERROR "TERSE_DEPS_DIR: there is no ${TERSE_DEPS_DIR}/include/${header}")
    endif()
endforeach()

function(terse_dependency target)
    add_library(${target} INTERFACE IMPORTED GLOBAL)
    set_target_properties(${target} PROPERTIES INTERFACE_INCLUDE_DIRECTORIES "${ARGN}")
endfunction()
terse_dependency(Eigen3::Eigen "${TERSE_DEPS_DIR}/include/eigen3")
terse_dependency(Random123::Random123 "${TERSE_DEPS_DIR}/include")
terse_dependency(Boost::unit_test_framework "${TERSE_DEPS_DIR}/include") # tests/main.cpp includes its sources
