# Writes OUTPUT, a C++ table of all files in FOLDER: their paths from there, and their texts.
file(GLOB_RECURSE files RELATIVE ${FOLDER} ${FOLDER}/*)
list(SORT files)
set(rows "")
foreach(file ${files})
    file(READ ${FOLDER}/${file} text)
    string(APPEND rows "    {R\"~(${file})~\",\n     R\"~(${text})~\"},\n")
endforeach()
file(WRITE ${OUTPUT} "// Made by embed.cmake.\n#include \"scaffold/templates.hpp\"\n
namespace forecastd::scaffold {
namespace {
constexpr Template table[] = {
${rows}};
}  // namespace
std::span<const Template> all_templates() { return table; }
}  // namespace forecastd::scaffold\n")
