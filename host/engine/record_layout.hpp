// Where the parts of a series' record stand: the core Series first, then one part for each stage that keeps
// something for a series. Each part is aligned to 16. A stage that is not in the pipeline adds no part, so it
// costs no byte.
//
// A part is added once, when the stages of a cohort are made, and is found through the handle that add()
// returns, or by its type. No other place knows an offset. Several parts may have one type, under different
// names: each of several detectors has a tail.
//
// Threads: one at a time while parts are added; read-only after that.
#ifndef FORECASTD_ENGINE_RECORD_LAYOUT_HPP
#define FORECASTD_ENGINE_RECORD_LAYOUT_HPP

#include <algorithm>
#include <cassert>
#include <cstddef>
#include <optional>
#include <string_view>
#include <type_traits>
#include <typeindex>
#include <vector>

#include "engine/series.hpp"

namespace forecastd::engine {

// A part of one type, in every record of a layout.
template <class T>
class Part {
  public:
    Part() = default;
    explicit Part(std::size_t offset) : offset_(offset) {}
    [[nodiscard]] T& of(Series& series) const {
        return *reinterpret_cast<T*>(reinterpret_cast<char*>(&series) + offset_);
    }
    [[nodiscard]] const T& of(const Series& series) const {
        return *reinterpret_cast<const T*>(reinterpret_cast<const char*>(&series) + offset_);
    }

  private:
    std::size_t offset_ = 0;
};

// A part that is bytes of a size known at run time: the state of a plugin.
class BytesPart {
  public:
    BytesPart() = default;
    BytesPart(std::size_t offset, std::size_t size) : offset_(offset), size_(size) {}
    [[nodiscard]] char* of(Series& series) const { return reinterpret_cast<char*>(&series) + offset_; }
    [[nodiscard]] const char* of(const Series& series) const {
        return reinterpret_cast<const char*>(&series) + offset_;
    }
    [[nodiscard]] std::size_t size() const { return size_; }

  private:
    std::size_t offset_ = 0, size_ = 0;
};

class RecordLayout {
  public:
    static constexpr std::size_t alignment = 16;

    // One row of the layout, in the order of the record. name: of the stage, lives for ever.
    struct Row {
        std::string_view name;
        std::size_t offset, size;
        std::size_t guard;  // bytes behind size that the part's owner fills and checks
        std::type_index type;
    };

    RecordLayout() { append("series", sizeof(Series), 0, typeid(Series)); }

    // A part for a plain type; no two of one type have the same name. Records are zeroed when they are handed
    // out.
    template <class T>
    Part<T> add(std::string_view name) {
        static_assert(std::is_trivially_copyable_v<T> && std::is_trivially_destructible_v<T>);
        static_assert(alignof(T) <= alignment);
        assert(!has(name, typeid(T)));
        return Part<T>(append(name, sizeof(T), 0, typeid(T)));
    }

    // A part of `size` bytes, and directly behind them `guard` bytes that tell whether someone wrote too far.
    BytesPart add_bytes(std::string_view name, std::size_t size, std::size_t guard = 0) {
        return {append(name, size, guard, typeid(void)), size};
    }

    // The part of a type, of several the first; nullopt: no stage has added it.
    template <class T>
    [[nodiscard]] std::optional<Part<T>> find() const {
        for (const Row& row : rows_)
            if (row.type == std::type_index(typeid(T))) return Part<T>(row.offset);
        return std::nullopt;
    }

    [[nodiscard]] const std::vector<Row>& rows() const { return rows_; }
    [[nodiscard]] std::size_t record_size() const { return size_; }

  private:
    [[nodiscard]] bool has(std::string_view name, std::type_index type) const {
        return std::any_of(rows_.begin(), rows_.end(),
                           [&](const Row& row) { return row.name == name && row.type == type; });
    }
    std::size_t append(std::string_view name, std::size_t size, std::size_t guard, std::type_index type) {
        const std::size_t offset = size_;
        rows_.push_back({name, offset, size, guard, type});
        size_ += (size + guard + alignment - 1) / alignment * alignment;
        return offset;
    }

    std::vector<Row> rows_;
    std::size_t size_ = 0;
};

}  // namespace forecastd::engine

#endif
