# forecastd_add_plugin(name file...): builds the plugin name.so from files in C or C++.
#
# The plugin exports its entry point alone, has every symbol resolved at link time, and is not writable by
# others, since the host refuses to load a file that they could have changed.
function(forecastd_add_plugin name)
    set(exports ${CMAKE_CURRENT_FUNCTION_LIST_DIR}/plugin.exports)
    add_library(${name} MODULE ${ARGN})
    target_link_libraries(${name} PRIVATE forecastd::sdk)
    get_property(languages GLOBAL PROPERTY ENABLED_LANGUAGES)
    if("CXX" IN_LIST languages)
        target_compile_features(${name} PRIVATE cxx_std_20)
    endif()
    set_target_properties(${name} PROPERTIES PREFIX "" SUFFIX ".so" C_VISIBILITY_PRESET hidden
                          CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON LINK_DEPENDS ${exports})
    target_link_options(${name} PRIVATE -Wl,--version-script=${exports} -Wl,-z,relro -Wl,-z,now -Wl,-z,noexecstack)
    target_compile_options(${name} PRIVATE -fstack-protector-strong -fstack-clash-protection)
    if(NOT FORECASTD_SANITIZE) # a sanitizer checks the same calls itself; the macro needs optimisation
        target_compile_options(${name} PRIVATE
                               $<$<CONFIG:Release,RelWithDebInfo,MinSizeRel>:-U_FORTIFY_SOURCE$<SEMICOLON>-D_FORTIFY_SOURCE=2>)
    endif()
    if(NOT FORECASTD_SANITIZE) # a sanitizer's own symbols are in the host
        target_link_options(${name} PRIVATE -Wl,--no-undefined)
    endif()
    add_custom_command(TARGET ${name} POST_BUILD COMMAND chmod go-w $<TARGET_FILE:${name}>)
endfunction()
