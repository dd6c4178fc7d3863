#include "config/read.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <optional>

#include "config/json.hpp"
#include "config/keys.hpp"
#include "config/section.hpp"

namespace forecastd::config {
namespace {

constexpr std::size_t max_file_bytes = std::size_t{16} << 20;
constexpr const char* example = "a JSON object such as {\"pipelines\": [...]}";

std::optional<std::string> read_file(const std::filesystem::path& file, std::string& error) {
    errno = 0;
    std::ifstream stream(file, std::ios::binary);
    std::string text;
    char chunk[4096];
    while (text.size() <= max_file_bytes && (stream.read(chunk, sizeof chunk) || stream.gcount() > 0))
        text.append(chunk, static_cast<std::size_t>(stream.gcount()));
    if (!stream.is_open() || (!stream.eof() && text.empty())) {
        error = "cannot read the config '" + file.string() + "': " + std::strerror(errno != 0 ? errno : EIO);
        return std::nullopt;
    }
    if (text.size() <= max_file_bytes) return text;
    error =
        "the config '" + file.string() + "' is larger than 16MiB, which no config is; is it the right file?";
    return std::nullopt;
}

std::filesystem::path absolute_path(const std::filesystem::path& path) {
    std::error_code fault;  // there is no working directory: the path stays as it is
    auto result = std::filesystem::absolute(path, fault);
    return fault ? path : result.lexically_normal();
}

}  // namespace

struct Document::Content {
    std::optional<Value> root;     // nothing: not a JSON object, which was said
    std::filesystem::path folder;  // of the file
};

Document::Document(std::unique_ptr<Content> content) : content_(std::move(content)) {}
Document::Document(Document&&) noexcept = default;
Document& Document::operator=(Document&&) noexcept = default;
Document::~Document() = default;

Document Document::parse(std::string_view text, std::vector<Problem>& problems) {
    auto content = std::make_unique<Content>();
    const Place top(problems);
    std::string error;
    if (text.find_first_not_of(" \t\r\n") == std::string_view::npos)
        top.problem(std::string("the config is empty, expected ") + example);
    else if (auto root = parse_json(text, error); !root)
        top.problem("this is not JSON: " + error);
    else if (!root->object())
        top.unexpected(*root, example);
    else
        content->root = std::move(root);
    return Document(std::move(content));
}

Document Document::open(const std::filesystem::path& file, std::vector<Problem>& problems) {
    std::string error;
    const auto text = read_file(file, error);
    if (!text) {
        Place(problems).problem(error);
        return Document(std::make_unique<Content>());
    }
    Document document = parse(*text, problems);
    document.content_->folder = absolute_path(file).parent_path();
    return document;
}

std::vector<std::filesystem::path> Document::plugin_dirs() const {
    std::vector<std::filesystem::path> directories;
    const Value* value = content_->root ? content_->root->find("plugin_dirs") : nullptr;
    if (!value || !value->list()) return directories;
    for (const auto& item : *value->list())
        if (item.string() && !item.string()->empty())
            directories.push_back(absolute_path(content_->folder / *item.string()));
    return directories;
}

Plugins Document::plugins() const {
    Plugins result;
    std::vector<Problem> ignored;  // read() finds them again
    const Value* value = content_->root ? content_->root->find("plugins") : nullptr;
    if (value) read_section(plugins_section(), *value, result, Place(ignored));
    return result;
}

std::vector<plugin::Wanted> Document::wanted() const {
    std::vector<plugin::Wanted> result;
    const Value* pipelines = content_->root ? content_->root->find("pipelines") : nullptr;
    if (!pipelines || !pipelines->list()) return result;
    const auto add = [&result](const Value* id, std::uint32_t ability) {
        if (!id || !id->string()) return;
        const auto same = std::find_if(result.begin(), result.end(),
                                       [&](const plugin::Wanted& one) { return one.id == *id->string(); });
        if (same == result.end())
            result.push_back({*id->string(), ability});
        else
            same->abilities |= ability;
    };
    for (const Value& pipeline : *pipelines->list()) {
        if (!pipeline.object()) continue;
        const Value* const forecast = pipeline.find("forecast");
        const Value* const detect = pipeline.find("detect");
        if (forecast && forecast->object()) add(forecast->find("plugin"), FCD_FORECASTS);
        if (detect && detect->object()) add(detect->find("plugin"), FCD_DETECTS);
    }
    return result;
}

Config Document::read(const plugin::Catalogue& catalogue, std::vector<Problem>& problems) const {
    Config config;
    if (content_->root) read_section(config_section(catalogue), *content_->root, config, Place(problems));
    return config;
}

}  // namespace forecastd::config
