# find_package(forecastd-sdk) gives the target forecastd::sdk and the function forecastd_add_plugin.
include(${CMAKE_CURRENT_LIST_DIR}/forecastd-sdk-targets.cmake)
include(${CMAKE_CURRENT_LIST_DIR}/forecastd_add_plugin.cmake)
