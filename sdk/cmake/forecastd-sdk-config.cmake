# find_package(forecastd-sdk) gives the target forecastd::sdk and the functions of forecastd_add_plugin.cmake, from an
# installation or, with forecastd-sdk_DIR, from the source tree.
if(EXISTS ${CMAKE_CURRENT_LIST_DIR}/forecastd-sdk-targets.cmake)
    include(${CMAKE_CURRENT_LIST_DIR}/forecastd-sdk-targets.cmake)
    # Below the prefix, where the forecastd of this installation looks for plugins.
    get_filename_component(forecastd_library_directory ${CMAKE_CURRENT_LIST_DIR}/../.. ABSOLUTE)
    if(forecastd_library_directory MATCHES "/(lib[0-9]*(/[^/]*-linux-[^/]*)?)$")
        set(FORECASTD_PLUGIN_INSTALL_DIRECTORY ${CMAKE_MATCH_1}/forecastd/plugins)
    endif()
elseif(NOT TARGET forecastd::sdk)
    add_library(forecastd::sdk INTERFACE IMPORTED)
    set_target_properties(forecastd::sdk PROPERTIES INTERFACE_INCLUDE_DIRECTORIES
                                                    ${CMAKE_CURRENT_LIST_DIR}/../include)
endif()
include(${CMAKE_CURRENT_LIST_DIR}/forecastd_add_plugin.cmake)
