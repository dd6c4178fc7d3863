# The toolchain of the preset 'arm64': Debian's cross compiler, and a sysroot.
set(FORECASTD_ARCHITECTURE arm64)
set(FORECASTD_TRIPLET aarch64-linux-gnu)
set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_SYSTEM_PROCESSOR aarch64)
include(${CMAKE_CURRENT_LIST_DIR}/portable.cmake)

# The cross compiler has headers of a later C library, which it would look at first: all folders are named instead, in front
# of those of the project.
execute_process(COMMAND aarch64-linux-gnu-g++ -dumpversion OUTPUT_VARIABLE version OUTPUT_STRIP_TRAILING_WHITESPACE)
execute_process(COMMAND aarch64-linux-gnu-g++ -print-file-name=include OUTPUT_VARIABLE own OUTPUT_STRIP_TRAILING_WHITESPACE)
set(cxx /usr/${FORECASTD_TRIPLET}/include/c++/${version})
set(c_folders -isystem ${own} -isystem ${CMAKE_SYSROOT}/usr/include/${FORECASTD_TRIPLET} -isystem ${CMAKE_SYSROOT}/usr/include)
set(CMAKE_C_COMPILER aarch64-linux-gnu-gcc -nostdinc ${c_folders})
set(CMAKE_CXX_COMPILER aarch64-linux-gnu-g++ -nostdinc -nostdinc++ -isystem ${cxx} -isystem ${cxx}/${FORECASTD_TRIPLET}
    -isystem ${cxx}/backward ${c_folders})
