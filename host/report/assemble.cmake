# Writes OUTPUT, a C++ table of the page's parts: PAGE with STYLES, LIBRARY and its LICENSE, and SCRIPTS (lists with | between the
# files), in the places that are named for them. The page allows these styles and scripts alone to take effect, by their hashes.
cmake_minimum_required(VERSION 3.25)

# Sets VARIABLE to the SHA-256 of TEXT as a content security policy has it: in base 64.
function(policy_hash variable text)
    set(letters ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/)
    string(SHA256 hex "${text}")
    set(result "")
    foreach(at RANGE 0 63 3) # three hexadecimal digits are two letters; the last one gets two zeros
        string(SUBSTRING "${hex}00" ${at} 3 three)
        math(EXPR first "0x${three} / 64")
        math(EXPR second "0x${three} % 64")
        string(SUBSTRING ${letters} ${first} 1 one)
        string(SUBSTRING ${letters} ${second} 1 two)
        string(APPEND result ${one}${two})
    endforeach()
    string(SUBSTRING ${result} 0 43 result)
    set(${variable} "sha256-${result}=" PARENT_SCOPE)
endfunction()

# Adds TEXT to the rows of VARIABLE. A string of C++ may not be longer than 65,536 bytes everywhere.
function(add_part variable text)
    string(LENGTH "${text}" length)
    string(FIND "${text}" ")page\"" end)
    if(length GREATER 65000 OR NOT end EQUAL -1)
        message(FATAL_ERROR "a part of the report's page has ${length} bytes, expected at most 65000, and no )page\" in it; "
                            "split the file")
    endif()
    set(${variable} "${${variable}}    R\"page(${text})page\",\n" PARENT_SCOPE)
endfunction()

# The texts of FILES: all of them in VARIABLE, and as rows in VARIABLE_rows.
function(read_all variable files)
    string(REPLACE "|" ";" files "${files}")
    set(all "")
    set(rows "")
    foreach(file IN LISTS files)
        file(READ "${file}" text)
        string(APPEND all "${text}")
        add_part(rows "${text}")
    endforeach()
    set(${variable} "${all}" PARENT_SCOPE)
    set(${variable}_rows "${rows}" PARENT_SCOPE)
endfunction()

# Moves what stands before MARK in the page into rows.
macro(part_before mark)
    string(FIND "${page}" "${mark}" at)
    if(at EQUAL -1)
        message(FATAL_ERROR "page.html has no ${mark}")
    endif()
    string(SUBSTRING "${page}" 0 ${at} before)
    string(LENGTH "${mark}" length)
    math(EXPR at "${at} + ${length}")
    string(SUBSTRING "${page}" ${at} -1 page)
    add_part(rows "${before}")
endmacro()

read_all(style "${STYLES}")
read_all(library "${LIBRARY}")
read_all(script "${SCRIPTS}")
# A copy of the library goes with its licence.
file(READ "${LICENSE}" licence)
set(licence "\n/*\n${licence}*/\n")
# Our scripts share a scope of their own.
set(opening "\n(() => {\n\"use strict\";\n")
set(closing "})();\n")
set(script "${licence}${library}${opening}${script}${closing}")
policy_hash(style_hash "${style}")
policy_hash(script_hash "${script}")
file(READ "${PAGE}" page)
string(REPLACE "@STYLE_HASH@" "${style_hash}" page "${page}")
string(REPLACE "@SCRIPT_HASH@" "${script_hash}" page "${page}")

set(rows "")
part_before("@STYLE@")
string(APPEND rows "${style_rows}")
part_before("@DATA@")
set(before_data "${rows}")
set(rows "")
part_before("@SCRIPT@")
add_part(rows "${licence}")
string(APPEND rows "${library_rows}")
add_part(rows "${opening}")
string(APPEND rows "${script_rows}")
add_part(rows "${closing}")
add_part(rows "${page}")
file(WRITE "${OUTPUT}" "// Made by assemble.cmake.\n#include \"report/page_parts.hpp\"\n
namespace forecastd::report {
namespace {
constexpr std::string_view before[] = {\n${before_data}};
constexpr std::string_view after[] = {\n${rows}};
}  // namespace
std::span<const std::string_view> before_data() { return before; }
std::span<const std::string_view> after_data() { return after; }
}  // namespace forecastd::report\n")
