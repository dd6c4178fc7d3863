# What the toolchains of portable builds share: everything but the C library and libgcc_s is linked in, against the sysroot
# that sysroot.py makes.
#
# libgcc_s stays shared: host and plugins unwind with one and the same, and the static one of gcc 12 asks for glibc 2.35.
if(NOT FORECASTD_SYSROOT)
    set(FORECASTD_SYSROOT ${CMAKE_CURRENT_LIST_DIR}/../build/sysroot/${FORECASTD_ARCHITECTURE})
endif()
get_filename_component(CMAKE_SYSROOT ${FORECASTD_SYSROOT} ABSOLUTE)
list(APPEND CMAKE_TRY_COMPILE_PLATFORM_VARIABLES FORECASTD_SYSROOT)
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_PACKAGE ONLY)

set(Boost_USE_STATIC_LIBS ON)
set(ZLIB_USE_STATIC_LIBS ON)
# gcc looks for libraries beside itself first: -B and -L lead to the sysroot's before. Of what is linked in nothing is
# exported, since a plugin may bring another libstdc++; but the host's own _exit is (host/process/crash.cpp), so not ALL.
set(linked_in libstdc++.a:libgcc.a:libboost_program_options.a:libboost_filesystem.a:libz.a:libdate-tz.a:libnlopt.a)
set(libraries ${CMAKE_SYSROOT}/usr/lib/${FORECASTD_TRIPLET})
foreach(kind EXE SHARED MODULE)
    set(CMAKE_${kind}_LINKER_FLAGS_INIT
        "-B${libraries} -L${CMAKE_SYSROOT}/lib/${FORECASTD_TRIPLET} -static-libstdc++ -Wl,--exclude-libs,${linked_in}")
endforeach()
# For packages.cmake.
set(FORECASTD_PORTABLE ON)
set(FORECASTD_GLIBC 2.31)
