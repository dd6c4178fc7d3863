// forecastd completion: what a shell completes, from the tables of the commands.
#include <algorithm>
#include <functional>
#include <iostream>
#include <string>
#include <string_view>

#include "commands/arguments.hpp"
#include "commands/command.hpp"
#include "text/escaped.hpp"
#include "text/replaced.hpp"

namespace forecastd::commands {
namespace {

using text::replaced;

// Within single quotes: of bash and zsh, and of fish.
std::string quoted(const std::string& text) { return "'" + replaced(text, "'", R"('\'')") + "'"; }
std::string fish_quoted(const std::string& text) {
    return "'" + replaced(replaced(text, "\\", "\\\\"), "'", "\\'") + "'";
}

std::string names_of_commands() {
    std::string names;
    for (const Command& command : all()) names.append(names.empty() ? "" : " ").append(command.name);
    return names;
}

// The options that pass, such as "--seed --only".
std::string list(const std::vector<Option>& options, const std::function<bool(const Option&)>& passes) {
    std::string names;
    for (const Option& option : options)
        if (passes(option)) names.append(names.empty() ? "--" : " --").append(option.name);
    return names;
}

bool takes(const Command& command, Kind kind) {
    return std::any_of(command.positionals.begin(), command.positionals.end(),
                       [kind](const Positional& one) { return kind_of(one) == kind; });
}

// What the places of the command that no option takes are, for the script of bash.
const char* bash_arguments(const Command& command) {
    if (takes(command, Kind::file)) return "files";
    if (takes(command, Kind::algorithm)) return "algorithms";
    if (takes(command, Kind::command)) return "commands";
    return takes(command, Kind::directory) ? "directories" : "''";
}

// ---- bash -----------------------------------------------------------------------------------------------

void print_bash() {
    std::cout << R"sh(# Completes the arguments of forecastd in bash. Made by 'forecastd completion bash'.
_forecastd() {
    local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]}
    local options= files= directories= values= arguments=
    COMPREPLY=()
    if ((COMP_CWORD == 1)); then
        mapfile -t COMPREPLY < <(compgen -W ')sh"
              << names_of_commands() << R"sh( help --help --version' -- "$current")
        return
    fi
    case ${COMP_WORDS[1]} in
        help) arguments=commands ;;
)sh";
    for (const Command& command : all()) {
        const auto options = options_of(command);
        const auto of_kind = [&](Kind kind) {
            return quoted(list(options, [kind](const Option& one) { return one.kind == kind; }));
        };
        std::cout << "        " << command.name
                  << ") options=" << quoted(list(options, [](const Option&) { return true; }))
                  << " files=" << of_kind(Kind::file) << " directories=" << of_kind(Kind::directory)
                  << " values=" << of_kind(Kind::other) << " arguments=" << bash_arguments(command)
                  << " ;;\n";
    }
    std::cout << R"sh(    esac
    if [[ $current == -* ]]; then
        mapfile -t COMPREPLY < <(compgen -W "$options" -- "$current")
        return
    fi
    case " $files " in *" $previous "*) arguments=files ;; esac
    case " $directories " in *" $previous "*) arguments=directories ;; esac
    case " $values " in *" $previous "*) arguments= ;; esac
    case $arguments in
        files) mapfile -t COMPREPLY < <(compgen -f -- "$current") ;;
        directories) mapfile -t COMPREPLY < <(compgen -d -- "$current") ;;
        commands) mapfile -t COMPREPLY < <(compgen -W ')sh"
              << names_of_commands() << R"sh(' -- "$current") ;;
        algorithms) mapfile -t COMPREPLY < <(
            compgen -W "$(forecastd plugins 2>/dev/null | sed -n '2,$s/ .*//p')" -- "$current") ;;
    esac
}
complete -o filenames -F _forecastd forecastd
)sh";
}

// ---- zsh ------------------------------------------------------------------------------------------------

// In a specification of _arguments, where some characters have a meaning.
std::string zsh_text(std::string text) {
    for (const char* const special : {"\\", "[", "]", ":"})
        text = replaced(text, special, std::string("\\") + special);
    return text;
}

const char* zsh_action(Kind kind) {
    switch (kind) {
        case Kind::file:
            return "_files";
        case Kind::directory:
            return "_files -/";
        case Kind::algorithm:
            return "_forecastd_algorithms";
        case Kind::command:
            return "_forecastd_commands";
        default:
            return " ";
    }
}

void print_zsh() {
    std::cout << R"sh(#compdef forecastd
# Completes the arguments of forecastd in zsh. Made by 'forecastd completion zsh'.
_forecastd_commands() {
    local -a commands=(
)sh";
    for (const Command& command : all())
        std::cout << "        " << quoted(std::string(command.name) + ":" + command.summary) << "\n";
    std::cout << R"sh(    )
    _describe command commands
}
_forecastd_algorithms() {
    local -a algorithms=(${(f)"$(forecastd plugins 2>/dev/null | sed -n '2,$s/ .*//p')"})
    _describe algorithm algorithms
}
_forecastd() {
    if (( CURRENT == 2 )); then
        _forecastd_commands
        return
    fi
    local command=$words[2]
    shift words
    (( CURRENT-- ))
    case $command in
        help) _arguments '1:COMMAND:_forecastd_commands' ;;
)sh";
    for (const Command& command : all()) {
        std::cout << "        " << command.name << ") _arguments";
        for (const Option& option : options_of(command)) {
            const std::string value =
                option.value.empty() ? "" : ":" + zsh_text(option.value) + ":" + zsh_action(option.kind);
            std::cout << " \\\n            "
                      << quoted("--" + option.name + "[" + zsh_text(option.doc) + "]" + value);
        }
        std::size_t place = 0;
        for (const Positional& one : command.positionals)
            std::cout << " \\\n            "
                      << quoted((one.repeated ? "*" : std::to_string(++place)) + ":" + one.name + ":" +
                                zsh_action(kind_of(one)));
        std::cout << " ;;\n";
    }
    std::cout << R"sh(    esac
}
_forecastd "$@"
)sh";
}

// ---- fish -----------------------------------------------------------------------------------------------

void print_fish() {
    std::cout << "# Completes the arguments of forecastd in fish. Made by 'forecastd completion fish'.\n"
                 "complete -c forecastd -f\n"
                 "complete -c forecastd -n __fish_use_subcommand -l help -d 'print the commands'\n"
                 "complete -c forecastd -n __fish_use_subcommand -l version -d 'print the version'\n";
    for (const Command& command : all()) {
        const std::string within =
            "complete -c forecastd -n '__fish_seen_subcommand_from " + std::string(command.name) + "'";
        std::cout << "complete -c forecastd -n __fish_use_subcommand -a " << command.name << " -d "
                  << fish_quoted(command.summary) << "\n";
        for (const Option& option : options_of(command)) {
            std::cout << within << " -l " << option.name << " -d " << fish_quoted(option.doc);
            if (option.kind == Kind::file) std::cout << " -r -F";
            if (option.kind == Kind::directory) std::cout << " -x -a '(__fish_complete_directories)'";
            if (option.kind == Kind::other) std::cout << " -x";
            std::cout << "\n";
        }
        if (takes(command, Kind::file)) std::cout << within << " -F\n";
        if (takes(command, Kind::directory)) std::cout << within << " -a '(__fish_complete_directories)'\n";
        if (takes(command, Kind::algorithm))
            std::cout << within << " -a \"(forecastd plugins 2>/dev/null | sed -n '2,\\$s/ .*//p')\"\n";
        if (takes(command, Kind::command))
            std::cout << within << " -a " << fish_quoted(names_of_commands()) << "\n";
    }
}

struct Shell {
    const char* name;
    void (*print)();
};
constexpr Shell shells[] = {{"bash", print_bash}, {"zsh", print_zsh}, {"fish", print_fish}};

int run(const options::variables_map& values) {
    const std::string name = values["SHELL"].as<std::string>();
    for (const Shell& shell : shells) {
        if (name != shell.name) continue;
        shell.print();
        return success;
    }
    std::cerr << "E! forecastd completion: SHELL: there is no '" << text::escaped(name)
              << "', expected bash, zsh or fish\n";
    return usage;
}

}  // namespace

Command completion_command() {
    return {"completion",
            "what a shell completes",
            "Prints a script with which bash, zsh or fish completes commands, options, files and algorithms. "
            "An\n"
            "installation has the three of them where the shells look for them. Without one:\n\n"
            "  source <(forecastd completion bash)       in ~/.bashrc\n"
            "  forecastd completion zsh > \"${fpath[1]}/_forecastd\"\n"
            "  forecastd completion fish > ~/.config/fish/completions/forecastd.fish\n\n"
            "Returns 0, or 2 if there is no such shell.",
            {{"SHELL", "bash, zsh or fish", true}},
            {},
            run};
}

}  // namespace forecastd::commands
