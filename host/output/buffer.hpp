// Bytes that wait to be written, in one piece of memory that is used again. It grows up to a bound; beyond
// that it is emptied into where the bytes go, so what a batch of points gives may be of any size.
#ifndef FORECASTD_OUTPUT_BUFFER_HPP
#define FORECASTD_OUTPUT_BUFFER_HPP

#include <cstddef>
#include <cstring>
#include <functional>
#include <memory>
#include <new>
#include <string_view>
#include <utility>

namespace forecastd::output {

class Buffer {
  public:
    // drain takes what is there whenever more than `bound` bytes would have to be kept. Without it, the
    // buffer grows.
    void drain_into(std::size_t bound, std::function<void(std::string_view)> drain) {
        bound_ = bound;
        drain_ = std::move(drain);
    }

    // Room for `bytes` more; the memory stays valid until the next call.
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
        if (drain_ && size_ + bytes > bound_) {
            empty();
            if (capacity_ >= bytes) return;
        }
        const std::size_t capacity = 2 * (size_ + bytes) + 4096;
        std::unique_ptr<char[]> data(new (std::nothrow) char[capacity]);
        if (!data && drain_ && size_ > 0) {
            empty();
            if (capacity_ >= bytes) return;
        }
        if (!data) throw std::bad_alloc();
        if (size_ > 0) std::memcpy(data.get(), data_.get(), size_);
        data_ = std::move(data);
        capacity_ = capacity;
    }
    void empty() {
        if (size_ > 0) drain_(view());
        size_ = 0;
    }
    std::unique_ptr<char[]> data_;
    std::size_t size_ = 0;
    std::size_t capacity_ = 0;
    std::size_t bound_ = 0;
    std::function<void(std::string_view)> drain_;
};

}  // namespace forecastd::output

#endif
