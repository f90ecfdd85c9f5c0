// What the emulated driver knows: devices with their memory, streams with what they have to do.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "cuda_api.h"
#include "kernel.h"
#include "memory.h"

namespace emulated {

// The driver's answer when it is not success.
struct Failure {
    CUresult result;
};

inline void check(bool condition, CUresult otherwise) {
    if (!condition) {
        throw Failure{otherwise};
    }
}

struct Device;

// Work in order. What is queued is done when somebody waits for it, as late as can be.
struct Stream {
    Device& device;
    const bool is_blocking;  // it and the default stream wait for each other
    std::uint64_t submitted = 0;
    std::uint64_t finished = 0;
    std::deque<std::function<void()>> queue{};

    void push(std::function<void()> operation);
    // Does not go on until the other stream has done what it has been given up to now.
    void push_wait(const std::shared_ptr<Stream>& other, std::uint64_t until);
    void run_until(std::uint64_t count);
};

struct Event {
    Device& device;
    const bool is_timed;
    std::shared_ptr<Stream> stream{};  // null: not recorded yet
    std::uint64_t recorded_at = 0;     // that operation of the stream
    std::chrono::steady_clock::time_point time{};

    bool is_finished() const { return stream == nullptr || stream->finished >= recorded_at; }
};

struct Function {
    Device& device;
    const Kernel& kernel;
};

struct Module {
    Device& device;
    std::map<const Kernel*, CUfunction> functions;  // asked for before
};

// Above the numbers that mean special streams.
inline std::uintptr_t last_handle = 0x1000;

// Things by what the program knows them by. A handle is never used again, nor for another type.
template <typename Handle, typename T>
class Handles {
public:
    Handle add(std::shared_ptr<T> thing) {
        last_handle += 16;
        auto handle = reinterpret_cast<Handle>(last_handle);
        things_.emplace(handle, std::move(thing));
        return handle;
    }

    const std::shared_ptr<T>& get(Handle handle) const {
        auto found = things_.find(handle);
        check(found != things_.end(), CUDA_ERROR_INVALID_HANDLE);
        return found->second;
    }

    // Only one of the device whose context is current.
    const std::shared_ptr<T>& get(Handle handle, const Device& device) const {
        const std::shared_ptr<T>& thing = get(handle);
        check(&thing->device == &device, CUDA_ERROR_INVALID_HANDLE);
        return thing;
    }

    void remove(Handle handle) { things_.erase(handle); }

    void remove_all_of(const Device& device) {
        std::erase_if(things_, [&](const auto& entry) { return &entry.second->device == &device; });
    }

private:
    std::map<Handle, std::shared_ptr<T>> things_;
};

struct Device {
    const int index;
    int retained = 0;  // times; the context exists as long as it is not 0
    std::uint64_t used = 0;
    std::map<std::uintptr_t, std::unique_ptr<GuardedMemory>> allocations{};
    std::vector<std::shared_ptr<Stream>> streams{};  // the default one first

    // Null: not wholly in one allocation.
    const GuardedMemory* find(std::uintptr_t address, std::size_t bytes) const;
    void run_all();
};

// Host memory that the devices can reach.
struct Pinned {
    std::size_t bytes;
    Device& device;
    std::unique_ptr<GuardedMemory> memory;  // null: registered, the program's own
};

struct State {
    std::mutex mutex;  // held by every call
    bool is_initialized = false;
    bool has_failed = false;  // for good, as after a kernel's wild access
    std::uint64_t launches = 0;
    std::vector<std::unique_ptr<Device>> devices;
    std::map<std::uintptr_t, Pinned> pinned;
    std::map<std::uintptr_t, std::size_t> freed;  // device memory
    Handles<CUstream, Stream> streams;
    Handles<CUevent, Event> events;
    Handles<CUmodule, Module> modules;
    Handles<CUfunction, Function> functions;

    const std::shared_ptr<Stream>& stream(CUstream handle, const Device& device) const;
    // Whether the devices can reach the whole range; fails if they can reach a part of it.
    bool is_pinned(std::uintptr_t address, std::size_t bytes) const;
    // Does it at once, or queues it if all is to be late and this need not be done `now`.
    void submit(const std::shared_ptr<Stream>& stream, std::function<void()> operation,
            bool now = false);

    void free(Device& device, std::uintptr_t address);
    void unpin(std::uintptr_t address);
    void destroy_context(Device& device);
};

// The only one.
State& state();

}  // namespace emulated
