# Equal bits on every machine need a * b + c rounded twice, as it is written. Set TERSE_FP_CONTRACT_OFF to OFF, before
# find_package or add_subdirectory, to give that promise up.
option(TERSE_FP_CONTRACT_OFF "Compile users of terse with -ffp-contract=off" ON)

function(terse_fp_contract_off target)
    if(TERSE_FP_CONTRACT_OFF)
        set_property(TARGET ${target} APPEND PROPERTY INTERFACE_COMPILE_OPTIONS
            "$<$<COMPILE_LANG_AND_ID:CXX,GNU,Clang,AppleClang>:-ffp-contract=off>"
            "$<$<COMPILE_LANG_AND_ID:CUDA,NVIDIA>:--fmad=false;-Xcompiler=-ffp-contract=off>")
    endif()
endfunction()
