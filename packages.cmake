# cmake --build BUILD --target package makes packages of what is installed:
#   forecastd       the program, its plugins, documents, presets, manual pages and completions
#   forecastd-dev   the SDK: headers, CMake package, examples, the crate for Rust
# as Debian packages and, where there is rpmbuild, as RPM packages; and one archive of everything, which may be unpacked
# anywhere, since the program finds its plugins by their place beside it.
set(CPACK_PACKAGE_NAME forecastd)
set(CPACK_PACKAGE_VENDOR "The forecastd authors")
set(CPACK_PACKAGE_CONTACT "The forecastd authors <maintainers@forecastd.invalid>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "Forecasts and anomalies for the metrics of Telegraf")
set(CPACK_RESOURCE_FILE_LICENSE ${PROJECT_SOURCE_DIR}/LICENSE)
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
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
set(CPACK_DEBIAN_PACKAGE_SECTION utils)
set(CPACK_DEBIAN_PROGRAM_PACKAGE_NAME forecastd)
set(CPACK_DEBIAN_PROGRAM_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PROGRAM_PACKAGE_DEPENDS tzdata)
set(CPACK_DEBIAN_PROGRAM_DESCRIPTION
    "Forecasts and anomalies for the metrics of Telegraf
 A child of Telegraf (processors.execd) that adds forecasts and anomalies to a
 stream of metrics. Each algorithm is a plugin that a config chooses.")
set(CPACK_DEBIAN_DEV_PACKAGE_NAME forecastd-dev)
set(CPACK_DEBIAN_DEV_PACKAGE_SECTION devel)
set(CPACK_DEBIAN_DEV_PACKAGE_ARCHITECTURE all)
set(CPACK_DEBIAN_DEV_PACKAGE_RECOMMENDS "forecastd, cmake, g++ | clang")
set(CPACK_DEBIAN_DEV_DESCRIPTION
    "Headers and examples for plugins of forecastd
 What an author of a forecaster or a detector needs: headers for C and C++, a
 CMake package, a crate for Rust, and examples.")

set(CPACK_RPM_FILE_NAME RPM-DEFAULT)
set(CPACK_RPM_PACKAGE_LICENSE MIT)
set(CPACK_RPM_PROGRAM_PACKAGE_NAME forecastd)
set(CPACK_RPM_DEV_PACKAGE_NAME forecastd-dev)
set(CPACK_RPM_DEV_PACKAGE_ARCHITECTURE noarch)
set(CPACK_RPM_SPEC_MORE_DEFINE "%define _build_id_links none")

include(CPack)
cpack_add_component_group(program)
cpack_add_component_group(dev)
cpack_add_component(runtime GROUP program)
cpack_add_component(plugins GROUP program)
cpack_add_component(docs GROUP program)
cpack_add_component(sdk GROUP dev)
