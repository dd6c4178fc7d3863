# forecastd_add_plugin(name file...): builds the plugin name.so from files in C or C++.
#
# The plugin exports its entry point alone, has every symbol resolved at link time, is hardened, and is not writable
# by others, since the host refuses to load a file that they could have changed. It is built as Release if the project
# says nothing of optimisation.
function(forecastd_add_plugin name)
    set(exports ${CMAKE_CURRENT_FUNCTION_LIST_DIR}/plugin.exports)
    add_library(${name} MODULE ${ARGN})
    target_link_libraries(${name} PRIVATE forecastd::sdk $<$<LINK_LANGUAGE:C>:m>)
    get_property(languages GLOBAL PROPERTY ENABLED_LANGUAGES)
    if("CXX" IN_LIST languages)
        target_compile_features(${name} PRIVATE cxx_std_20)
    endif()
    set_target_properties(${name} PROPERTIES PREFIX "" SUFFIX ".so" C_VISIBILITY_PRESET hidden
                          CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON LINK_DEPENDS ${exports})
    target_link_options(${name} PRIVATE -Wl,--version-script=${exports} -Wl,-z,relro,-z,now,-z,noexecstack)
    if(NOT FORECASTD_SANITIZE) # a sanitizer's own symbols are in the host
        target_link_options(${name} PRIVATE -Wl,--no-undefined)
    endif()
    _forecastd_release_by_default(${name})
    _forecastd_harden(${name})
    add_custom_command(TARGET ${name} POST_BUILD COMMAND chmod go-w $<TARGET_FILE:${name}>)
endfunction()

# forecastd_install_plugin(name): installs it to where an installed forecastd looks for plugins, beside its program.
function(forecastd_install_plugin name)
    if(NOT FORECASTD_PLUGIN_INSTALL_DIRECTORY)
        set(FORECASTD_PLUGIN_INSTALL_DIRECTORY lib/forecastd/plugins)
    endif()
    install(TARGETS ${name} LIBRARY DESTINATION ${FORECASTD_PLUGIN_INSTALL_DIRECTORY}
            PERMISSIONS OWNER_READ OWNER_WRITE GROUP_READ WORLD_READ)
endfunction()

function(_forecastd_release_by_default name)
    if(CMAKE_BUILD_TYPE OR CMAKE_CONFIGURATION_TYPES OR "${CMAKE_C_FLAGS} ${CMAKE_CXX_FLAGS}" MATCHES "-O")
        return()
    endif()
    foreach(language C CXX)
        separate_arguments(flags NATIVE_COMMAND "${CMAKE_${language}_FLAGS_RELEASE}")
        target_compile_options(${name} PRIVATE "$<$<COMPILE_LANGUAGE:${language}>:${flags}>")
    endforeach()
endfunction()

function(_forecastd_harden name)
    target_compile_options(${name} PRIVATE -fstack-protector-strong)
    get_property(languages GLOBAL PROPERTY ENABLED_LANGUAGES)
    if("CXX" IN_LIST languages)
        include(CheckCXXCompilerFlag)
        check_cxx_compiler_flag(-fstack-clash-protection FORECASTD_STACK_CLASH_PROTECTION)
    else()
        include(CheckCCompilerFlag)
        check_c_compiler_flag(-fstack-clash-protection FORECASTD_STACK_CLASH_PROTECTION)
    endif()
    if(FORECASTD_STACK_CLASH_PROTECTION)
        target_compile_options(${name} PRIVATE -fstack-clash-protection)
    endif()
    # It needs optimisation, and a sanitizer sees more without it.
    if(NOT FORECASTD_SANITIZE AND NOT "${CMAKE_C_FLAGS} ${CMAKE_CXX_FLAGS}" MATCHES "-O0")
        target_compile_options(${name} PRIVATE $<$<NOT:$<CONFIG:Debug>>:-U_FORTIFY_SOURCE>
                                               $<$<NOT:$<CONFIG:Debug>>:-D_FORTIFY_SOURCE=2>)
    endif()
endfunction()
