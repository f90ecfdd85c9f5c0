#include "state.h"

#include <algorithm>
#include <cstdio>
#include <iterator>

#include "defect.h"
#include "grid.h"
#include "settings.h"

namespace emulated {

State& state() {
    // Never destroyed: threads may still call the driver while the process ends.
    static State& state = *new State;
    return state;
}

// ---- streams -----------------------------------------------------------------------------------

void Stream::push(std::function<void()> operation) {
    queue.push_back(std::move(operation));
    submitted++;
}

void Stream::push_wait(const std::shared_ptr<Stream>& other, std::uint64_t until) {
    if (other->finished < until) {
        push([other, until] { other->run_until(until); });
    }
}

void Stream::run_until(std::uint64_t count) {
    while (finished < count) {
        std::function<void()> operation = std::move(queue.front());
        queue.pop_front();
        if (!state().has_failed) {
            operation();
        }
        finished++;
    }
}

void Device::run_all() {
    for (const std::shared_ptr<Stream>& stream : streams) {
        stream->run_until(stream->submitted);
    }
    // One without a handle had only to finish its work.
    std::erase_if(streams, [&](const std::shared_ptr<Stream>& stream) {
        return stream.use_count() == 1 && stream != streams.front();
    });
}

const std::shared_ptr<Stream>& State::stream(CUstream handle, const Device& device) const {
    return handle == nullptr ? device.streams.front() : streams.get(handle, device);
}

void State::submit(
        const std::shared_ptr<Stream>& stream, std::function<void()> operation, bool now) {
    const std::vector<std::shared_ptr<Stream>>& all = stream->device.streams;
    if (stream == all.front()) {
        for (const std::shared_ptr<Stream>& other : all) {
            if (other != stream && other->is_blocking) {
                stream->push_wait(other, other->submitted);
            }
        }
    } else if (stream->is_blocking) {
        stream->push_wait(all.front(), all.front()->submitted);
    }
    stream->push(std::move(operation));
    if (now || !settings().late) {
        stream->run_until(stream->submitted);
    }
}

// ---- memory ------------------------------------------------------------------------------------

const GuardedMemory* Device::find(std::uintptr_t address, std::size_t bytes) const {
    auto after = allocations.upper_bound(address);
    if (after == allocations.begin()) {
        return nullptr;
    }
    const GuardedMemory& memory = *std::prev(after)->second;
    return is_inside(address, bytes, memory.start(), memory.bytes()) ? &memory : nullptr;
}

bool State::is_pinned(std::uintptr_t address, std::size_t bytes) const {
    for (const auto& [start, range] : pinned) {
        if (is_inside(address, bytes, start, range.bytes)) {
            return true;
        }
        check(address >= start + range.bytes || start >= address + bytes,
                CUDA_ERROR_INVALID_VALUE);
    }
    return false;
}

namespace {

void check_surroundings(const GuardedMemory& memory, const char* kind) {
    if (!memory.is_intact()) {
        defect("something was written just outside of the %zu bytes of %s memory at 0x%llx",
                memory.bytes(), kind, static_cast<unsigned long long>(memory.start()));
    }
}

}  // namespace

void State::free(Device& device, std::uintptr_t address) {
    auto found = device.allocations.find(address);
    check(found != device.allocations.end(), CUDA_ERROR_INVALID_VALUE);
    // The real driver also waits before it frees.
    device.run_all();
    const GuardedMemory& memory = *found->second;
    check_surroundings(memory, "device");
    device.used -= memory.rounded_bytes();
    freed[address] = memory.bytes();
    device.allocations.erase(found);
}

void State::unpin(std::uintptr_t address) {
    auto found = pinned.find(address);
    for (const std::unique_ptr<Device>& device : devices) {
        device->run_all();
    }
    if (found->second.memory != nullptr) {
        check_surroundings(*found->second.memory, "pinned");
    }
    pinned.erase(found);
}

void State::destroy_context(Device& device) {
    device.run_all();
    while (!device.allocations.empty()) {
        free(device, device.allocations.begin()->first);
    }
    std::erase_if(pinned, [&](const auto& entry) { return &entry.second.device == &device; });
    streams.remove_all_of(device);
    events.remove_all_of(device);
    modules.remove_all_of(device);
    functions.remove_all_of(device);
    device.streams.clear();
}

// ---- for the report of a crash -----------------------------------------------------------------

void describe_address(std::uintptr_t address, char* text, unsigned int text_bytes) {
    const char* format = "in no device's memory";
    std::uintptr_t nearest = 1 << 20;
    unsigned long long number = 0, start = 0;
    std::size_t bytes = 0;
    auto consider = [&](std::uintptr_t from, std::size_t size, const char* inside) {
        bool is_before = address < from;
        bool is_after = address >= from + size;
        std::uintptr_t distance = is_before ? from - address : is_after ? address - from - size : 0;
        if (distance < nearest) {
            nearest = distance;
            format = is_before ? "%llu bytes before the %zu bytes of device memory at 0x%llx"
                    : is_after ? "%llu bytes after the end of the %zu bytes of device memory at"
                                 " 0x%llx"
                               : inside;
            number = is_before || is_after ? distance : address - from;
            start = from;
            bytes = size;
        }
    };
    for (const std::unique_ptr<Device>& device : state().devices) {
        for (const auto& [from, memory] : device->allocations) {
            consider(from, memory->bytes(),
                    "byte %llu of the %zu bytes of device memory at 0x%llx");
        }
    }
    for (const auto& [from, size] : state().freed) {
        consider(from, size, "byte %llu of the %zu bytes of freed device memory at 0x%llx");
    }
    std::snprintf(text, text_bytes, format, number, bytes, start);
}

}  // namespace emulated
