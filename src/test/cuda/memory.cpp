#include "memory.h"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <new>

namespace emulated {
namespace {

constexpr unsigned char poison = 0xA5;
constexpr std::size_t poison_bytes = 8 << 20;

std::size_t page_bytes() {
    static const auto bytes = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
    return bytes;
}

constexpr std::size_t round_up(std::size_t bytes, std::size_t unit) {
    return (bytes + unit - 1) / unit * unit;
}

void* map(std::uintptr_t address, std::size_t bytes, int protection, int flags, int file) {
    void* mapped = mmap(reinterpret_cast<void*>(address), bytes, protection,
            flags | MAP_PRIVATE | MAP_NORESERVE, file, 0);
    if (mapped == MAP_FAILED) {
        throw std::bad_alloc();
    }
    return mapped;
}

// A file full of poison. Pages that are mapped to it cost memory and time only when written.
int poison_file() {
    static const int file = [] {
        int file = memfd_create("poison", MFD_CLOEXEC);
        if (file < 0 || ftruncate(file, poison_bytes) != 0) {
            throw std::bad_alloc();
        }
        void* content =
                mmap(nullptr, poison_bytes, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
        if (content == MAP_FAILED) {
            throw std::bad_alloc();
        }
        std::memset(content, poison, poison_bytes);
        munmap(content, poison_bytes);
        return file;
    }();
    return file;
}

bool is_poison(std::uintptr_t from, std::uintptr_t to) {
    return std::all_of(reinterpret_cast<const unsigned char*>(from),
            reinterpret_cast<const unsigned char*>(to),
            [](unsigned char byte) { return byte == poison; });
}

}  // namespace

GuardedMemory::GuardedMemory(std::size_t bytes, std::size_t alignment)
        : bytes_(bytes), mapped_bytes_(round_up(round_up(bytes, alignment), page_bytes())) {
    const std::size_t page = page_bytes();
    void* room = map(0, mapped_bytes_ + 2 * page, PROT_NONE, MAP_ANONYMOUS, -1);
    mapped_ = reinterpret_cast<std::uintptr_t>(room) + page;
    for (std::size_t at = 0; at < mapped_bytes_; at += poison_bytes) {
        map(mapped_ + at, std::min(poison_bytes, mapped_bytes_ - at), PROT_READ | PROT_WRITE,
                MAP_FIXED, poison_file());
    }
    start_ = mapped_ + mapped_bytes_ - round_up(bytes, alignment);
}

GuardedMemory::~GuardedMemory() {
    mmap(reinterpret_cast<void*>(mapped_), mapped_bytes_, PROT_NONE,
            MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED, -1, 0);
}

bool GuardedMemory::is_intact() const {
    return is_poison(mapped_, start_) && is_poison(start_ + bytes_, mapped_ + mapped_bytes_);
}

}  // namespace emulated
