// Bytes that wait to be written, in one piece of memory that grows and is used again.
#ifndef FORECASTD_OUTPUT_BUFFER_HPP
#define FORECASTD_OUTPUT_BUFFER_HPP

#include <cstddef>
#include <cstring>
#include <memory>
#include <string_view>

namespace forecastd::output {

class Buffer {
  public:
    // Room for `bytes` more; end() points to it and stays valid until the next call.
    char* reserve(std::size_t bytes) {
        if (capacity_ - size_ < bytes) grow(bytes);
        return data_.get() + size_;
    }
    // What was written to reserve()'s memory ends here.
    void finish(const char* end) { size_ = static_cast<std::size_t>(end - data_.get()); }

    void append(std::string_view bytes) {
        std::memcpy(reserve(bytes.size()), bytes.data(), bytes.size());
        size_ += bytes.size();
    }
    void clear() { size_ = 0; }
    [[nodiscard]] std::string_view view() const { return {data_.get(), size_}; }
    [[nodiscard]] std::size_t size() const { return size_; }

  private:
    void grow(std::size_t bytes) {
        const std::size_t capacity = 2 * (size_ + bytes) + 4096;
        auto data = std::make_unique_for_overwrite<char[]>(capacity);
        if (size_ > 0) std::memcpy(data.get(), data_.get(), size_);
        data_ = std::move(data);
        capacity_ = capacity;
    }
    std::unique_ptr<char[]> data_;
    std::size_t size_ = 0;
    std::size_t capacity_ = 0;
};

}  // namespace forecastd::output

#endif
