// Memory that shows mistakes: what nobody has written is poison, and what surrounds it crashes.
#pragma once

#include <cstddef>
#include <cstdint>

namespace emulated {

class GuardedMemory {
public:
    // `alignment` is at most a page. The memory's end, rounded up to the alignment, is the end of a
    // page, and the next page is not to be touched; nor is the page before the first one.
    GuardedMemory(std::size_t bytes, std::size_t alignment);
    // The address range stays out of use, so that a pointer left over is never right again.
    ~GuardedMemory();
    GuardedMemory(const GuardedMemory&) = delete;
    GuardedMemory& operator=(const GuardedMemory&) = delete;

    std::uintptr_t start() const { return start_; }
    std::size_t bytes() const { return bytes_; }
    // With what is lost to the alignment.
    std::size_t rounded_bytes() const { return mapped_ + mapped_bytes_ - start_; }

    // Whether nobody has written into what is left of the first and the last page.
    bool is_intact() const;

private:
    std::size_t bytes_;
    std::size_t mapped_bytes_;  // whole pages
    std::uintptr_t mapped_;
    std::uintptr_t start_;
};

// Whether `bytes` bytes from `address` on lie wholly in the `size` bytes from `start` on.
constexpr bool is_inside(
        std::uintptr_t address, std::size_t bytes, std::uintptr_t start, std::size_t size) {
    return address >= start && bytes <= size && address - start <= size - bytes;
}

}  // namespace emulated
