# './dev package' makes packages of what is installed, in the build that runs everywhere (packaging/portable.cmake):
#   forecastd       the program, its plugins, documents, presets, manual pages and completions
#   forecastd-dev   the SDK: headers, CMake package, examples, the crate for Rust
# as Debian packages and, where there is rpmbuild, as RPM packages; and one archive of everything, which may be unpacked
# anywhere, since the program finds its plugins by their place beside it. Another build makes packages for systems like
# this one, since it is linked to the libraries of this one.
set(CPACK_PACKAGE_NAME forecastd)
set(CPACK_PACKAGE_VENDOR "The forecastd authors")
set(CPACK_PACKAGE_CONTACT "The forecastd authors <maintainers@forecastd.invalid>")
set(CPACK_RESOURCE_FILE_LICENSE ${PROJECT_SOURCE_DIR}/LICENSE)
set(CPACK_STRIP_FILES ON)
set(CPACK_GENERATOR TGZ DEB)
find_program(FORECASTD_RPMBUILD rpmbuild)
if(FORECASTD_RPMBUILD)
    list(APPEND CPACK_GENERATOR RPM)
endif()

# Two packages, but one archive.
set(CPACK_COMPONENTS_GROUPING ONE_PER_GROUP)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_RPM_COMPONENT_INSTALL ON)
set(CPACK_ARCHIVE_COMPONENT_INSTALL OFF)
set(CPACK_COMPONENTS_ALL runtime plugins docs sdk)

set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_COMPRESSION_TYPE xz)
set(CPACK_DEBIAN_PACKAGE_SECTION utils)
set(CPACK_DEBIAN_PROGRAM_PACKAGE_NAME forecastd)
if(FORECASTD_PORTABLE)
    set(CPACK_DEBIAN_PROGRAM_PACKAGE_DEPENDS "libc6 (>= ${FORECASTD_GLIBC}), libgcc-s1, tzdata")
    set(CPACK_DEBIAN_PACKAGE_ARCHITECTURE ${FORECASTD_ARCHITECTURE})
    string(TOLOWER forecastd-${PROJECT_VERSION}-${CMAKE_SYSTEM_NAME}-${CMAKE_SYSTEM_PROCESSOR} CPACK_PACKAGE_FILE_NAME)
else()
    set(CPACK_DEBIAN_PROGRAM_PACKAGE_DEPENDS tzdata)
    set(CPACK_DEBIAN_PROGRAM_PACKAGE_SHLIBDEPS ON)
endif()
set(program_summary "Forecasts and anomalies for the metrics of Telegraf")
set(program_text "A child of Telegraf (processors.execd) that adds forecasts and anomalies to a
stream of metrics. Each algorithm is a plugin that a config chooses.")
set(dev_summary "Headers and examples for plugins of forecastd")
set(dev_text "What an author of a forecaster or a detector needs: headers for C and C++, a
CMake package, a crate for Rust, and examples.")
set(CPACK_DEBIAN_PROGRAM_DESCRIPTION "${program_summary}\n${program_text}")
set(CPACK_DEBIAN_DEV_PACKAGE_NAME forecastd-dev)
set(CPACK_DEBIAN_DEV_PACKAGE_SECTION devel)
set(CPACK_DEBIAN_DEV_PACKAGE_ARCHITECTURE all)
set(CPACK_DEBIAN_DEV_PACKAGE_RECOMMENDS "forecastd, cmake, g++ | clang")
set(CPACK_DEBIAN_DEV_DESCRIPTION "${dev_summary}\n${dev_text}")

set(CPACK_RPM_FILE_NAME RPM-DEFAULT)
set(CPACK_RPM_COMPRESSION_TYPE xz)
set(CPACK_RPM_PACKAGE_LICENSE MIT)
set(CPACK_RPM_PACKAGE_ARCHITECTURE ${CMAKE_SYSTEM_PROCESSOR})
set(CPACK_RPM_PROGRAM_PACKAGE_REQUIRES "(tzdata or timezone)") # the second on openSUSE
set(CPACK_RPM_PROGRAM_PACKAGE_NAME forecastd)
set(CPACK_RPM_PROGRAM_PACKAGE_SUMMARY ${program_summary})
set(CPACK_RPM_DEV_PACKAGE_SUMMARY ${dev_summary})
set(CPACK_RPM_PROGRAM_PACKAGE_DESCRIPTION ${program_text})
set(CPACK_RPM_DEV_PACKAGE_DESCRIPTION ${dev_text})
set(CPACK_RPM_DEV_PACKAGE_NAME forecastd-dev)
set(CPACK_RPM_DEV_PACKAGE_ARCHITECTURE noarch)
set(CPACK_RPM_SPEC_MORE_DEFINE "%define _build_id_links none")

# What is linked in asks that its notice comes along; Boost and libstdc++ do not.
if(FORECASTD_PORTABLE)
    foreach(part nlopt howardhinnant-date zlib1g libeigen3-dev libfast-float-dev libxxhash-dev nlohmann-json3-dev)
        install(FILES ${CMAKE_SYSROOT}/usr/share/doc/${part}/copyright DESTINATION ${CMAKE_INSTALL_DOCDIR}/licenses
                RENAME ${part} COMPONENT docs)
    endforeach()
endif()

include(CPack)
cpack_add_component_group(program)
cpack_add_component_group(dev)
cpack_add_component(runtime GROUP program)
cpack_add_component(plugins GROUP program)
cpack_add_component(docs GROUP program)
cpack_add_component(sdk GROUP dev)
