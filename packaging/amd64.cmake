# The toolchain of the preset 'portable': this machine's compiler, and a sysroot.
set(FORECASTD_ARCHITECTURE amd64)
set(FORECASTD_TRIPLET x86_64-linux-gnu)
include(${CMAKE_CURRENT_LIST_DIR}/portable.cmake)
