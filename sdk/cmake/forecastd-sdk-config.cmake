# find_package(forecastd-sdk) gives the target forecastd::sdk and the function forecastd_add_plugin, from an
# installation or, with forecastd-sdk_DIR, from the source tree.
if(EXISTS ${CMAKE_CURRENT_LIST_DIR}/forecastd-sdk-targets.cmake)
    include(${CMAKE_CURRENT_LIST_DIR}/forecastd-sdk-targets.cmake)
elseif(NOT TARGET forecastd::sdk)
    add_library(forecastd::sdk INTERFACE IMPORTED)
    set_target_properties(forecastd::sdk PROPERTIES INTERFACE_INCLUDE_DIRECTORIES
                                                    ${CMAKE_CURRENT_LIST_DIR}/../include)
endif()
include(${CMAKE_CURRENT_LIST_DIR}/forecastd_add_plugin.cmake)
