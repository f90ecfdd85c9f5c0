// The CUDA driver API for a machine without a GPU: the kernels of kernels.cu, compiled for the CPU,
// in memory that shows mistakes. It is for finding bugs: it refuses what the real driver refuses
// and, with EMULATED_CUDA_LATE=1, does everything as late as the real one may.
//
// It differs from a real GPU in this: a kernel's threads run one at a time, so that none may wait
// for another but at a barrier, and kernels can reach all memory of the process (though a pointer
// that a kernel is given must be into memory that the device could reach).
//
// settings.h lists the environment variables that change its behaviour.
#include <algorithm>
#include <cstring>
#include <new>
#include <string>

#include "cuda_api.h"
#include "defect.h"
#include "grid.h"
#include "settings.h"
#include "state.h"

#define EXPORT extern "C" [[gnu::visibility("default")]]

using namespace emulated;

namespace {

constexpr int driver_version = 13000;
constexpr int multiprocessors = 2;
constexpr const char* device_name = "Emulated GPU";
constexpr std::size_t device_alignment = 256;
constexpr std::size_t pinned_alignment = 4096;

thread_local Device* current = nullptr;

struct ErrorText {
    CUresult result;
    const char* name;
    const char* text;
};

constexpr ErrorText error_texts[] = {
        {CUDA_SUCCESS, "CUDA_SUCCESS", "no error"},
        {CUDA_ERROR_INVALID_VALUE, "CUDA_ERROR_INVALID_VALUE", "invalid argument"},
        {CUDA_ERROR_OUT_OF_MEMORY, "CUDA_ERROR_OUT_OF_MEMORY", "out of memory"},
        {CUDA_ERROR_NOT_INITIALIZED, "CUDA_ERROR_NOT_INITIALIZED", "initialization error"},
        {CUDA_ERROR_NO_DEVICE, "CUDA_ERROR_NO_DEVICE", "no CUDA-capable device is detected"},
        {CUDA_ERROR_INVALID_DEVICE, "CUDA_ERROR_INVALID_DEVICE", "invalid device ordinal"},
        {CUDA_ERROR_INVALID_IMAGE, "CUDA_ERROR_INVALID_IMAGE", "device kernel image is invalid"},
        {CUDA_ERROR_INVALID_CONTEXT, "CUDA_ERROR_INVALID_CONTEXT", "invalid device context"},
        {CUDA_ERROR_INVALID_PTX, "CUDA_ERROR_INVALID_PTX", "a PTX JIT compilation failed"},
        {CUDA_ERROR_UNSUPPORTED_PTX_VERSION, "CUDA_ERROR_UNSUPPORTED_PTX_VERSION",
                "the provided PTX was compiled with an unsupported toolchain."},
        {CUDA_ERROR_INVALID_HANDLE, "CUDA_ERROR_INVALID_HANDLE", "invalid resource handle"},
        {CUDA_ERROR_NOT_FOUND, "CUDA_ERROR_NOT_FOUND", "named symbol not found"},
        {CUDA_ERROR_NOT_READY, "CUDA_ERROR_NOT_READY", "device not ready"},
        {CUDA_ERROR_ILLEGAL_ADDRESS, "CUDA_ERROR_ILLEGAL_ADDRESS",
                "an illegal memory access was encountered"},
        {CUDA_ERROR_CONTEXT_IS_DESTROYED, "CUDA_ERROR_CONTEXT_IS_DESTROYED",
                "context is destroyed"},
        {CUDA_ERROR_HOST_MEMORY_ALREADY_REGISTERED, "CUDA_ERROR_HOST_MEMORY_ALREADY_REGISTERED",
                "part or all of the requested memory range is already mapped"},
        {CUDA_ERROR_HOST_MEMORY_NOT_REGISTERED, "CUDA_ERROR_HOST_MEMORY_NOT_REGISTERED",
                "pointer does not correspond to a registered memory region"},
        {CUDA_ERROR_NOT_SUPPORTED, "CUDA_ERROR_NOT_SUPPORTED", "operation not supported"},
};

// ---- what the calls have in common -------------------------------------------------------------

template <typename Body>
CUresult guarded(Body body) {
    std::lock_guard lock(state().mutex);
    try {
        body();
        return CUDA_SUCCESS;
    } catch (const Failure& failure) {
        return failure.result;
    } catch (const std::bad_alloc&) {
        return CUDA_ERROR_OUT_OF_MEMORY;
    }
}

template <typename Body>
CUresult initialized(Body body) {
    return guarded([&] {
        check(state().is_initialized, CUDA_ERROR_NOT_INITIALIZED);
        body();
    });
}

// A call that fails for good once a kernel has failed, be it while this call waits for it.
template <typename Body>
CUresult working(Body body) {
    return initialized([&] {
        check(!state().has_failed, CUDA_ERROR_ILLEGAL_ADDRESS);
        body();
        check(!state().has_failed, CUDA_ERROR_ILLEGAL_ADDRESS);
    });
}

template <typename Body>
CUresult in_context(Body body) {
    return working([&] {
        check(current != nullptr, CUDA_ERROR_INVALID_CONTEXT);
        check(current->retained > 0, CUDA_ERROR_CONTEXT_IS_DESTROYED);
        body(*current);
    });
}

void check_given(const void* pointer) { check(pointer != nullptr, CUDA_ERROR_INVALID_VALUE); }

void check_flags(unsigned int flags, unsigned int known) {
    check((flags & ~known) == 0, CUDA_ERROR_INVALID_VALUE);
}

Device& device_of(CUdevice index) {
    auto& devices = state().devices;
    check(index >= 0 && static_cast<std::size_t>(index) < devices.size(),
            CUDA_ERROR_INVALID_DEVICE);
    return *devices[static_cast<std::size_t>(index)];
}

CUcontext context_of(Device& device) { return reinterpret_cast<CUcontext>(&device); }

std::uint64_t total_memory() {
    return std::max(settings().memory, settings().reported_free.value_or(0));
}

void* address_of(CUdeviceptr pointer) { return reinterpret_cast<void*>(pointer); }

void check_device_range(const Device& device, CUdeviceptr pointer, std::size_t bytes) {
    check(device.find(pointer, bytes) != nullptr, CUDA_ERROR_INVALID_VALUE);
}

// Copies from or to pageable memory are over when the call is, and thus all work before them: such
// memory goes through a buffer of the real driver's.
void copy(CUstream handle, Device& device, void* to, const void* from, std::size_t bytes,
        const void* host) {
    const std::shared_ptr<Stream>& stream = state().stream(handle, device);
    bool is_pageable =
            host != nullptr && !state().is_pinned(reinterpret_cast<std::uintptr_t>(host), bytes);
    state().submit(stream, [=] { std::memmove(to, from, bytes); }, is_pageable);
}

}  // namespace

// ---- errors ------------------------------------------------------------------------------------

namespace {

CUresult tell_error(CUresult error, const char* ErrorText::*part, const char** text) {
    if (text == nullptr) {
        return CUDA_ERROR_INVALID_VALUE;
    }
    for (const ErrorText& entry : error_texts) {
        if (entry.result == error) {
            *text = entry.*part;
            return CUDA_SUCCESS;
        }
    }
    *text = nullptr;
    return CUDA_ERROR_INVALID_VALUE;
}

}  // namespace

// Both work before cuInit, as it may be cuInit that failed.
EXPORT CUresult cuGetErrorName(CUresult error, const char** text) {
    return tell_error(error, &ErrorText::name, text);
}

EXPORT CUresult cuGetErrorString(CUresult error, const char** text) {
    return tell_error(error, &ErrorText::text, text);
}

// ---- devices and contexts ----------------------------------------------------------------------

EXPORT CUresult cuInit(unsigned int flags) {
    return guarded([&] {
        check_flags(flags, 0);
        check(!settings().no_device && settings().devices > 0, CUDA_ERROR_NO_DEVICE);
        auto& devices = state().devices;
        while (devices.size() < static_cast<std::size_t>(settings().devices)) {
            int index = static_cast<int>(devices.size());
            devices.push_back(std::unique_ptr<Device>(new Device{index}));
        }
        state().is_initialized = true;
    });
}

EXPORT CUresult cuDriverGetVersion(int* version) {
    return guarded([&] {
        check_given(version);
        *version = driver_version;
    });
}

EXPORT CUresult cuDeviceGetCount(int* count) {
    return initialized([&] {
        check_given(count);
        *count = settings().devices;
    });
}

EXPORT CUresult cuDeviceGet(CUdevice* device, int ordinal) {
    return initialized([&] {
        check_given(device);
        *device = device_of(ordinal).index;
    });
}

EXPORT CUresult cuDeviceGetName(char* name, int length, CUdevice device) {
    return initialized([&] {
        check_given(name);
        check(length > 0, CUDA_ERROR_INVALID_VALUE);
        device_of(device);
        std::strncpy(name, device_name, static_cast<std::size_t>(length));
        name[length - 1] = '\0';
    });
}

EXPORT CUresult cuDeviceGetAttribute(int* value, int attribute, CUdevice device) {
    return initialized([&] {
        check_given(value);
        check(attribute > 0, CUDA_ERROR_INVALID_VALUE);
        device_of(device);
        *value = attribute == CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT ? multiprocessors
                : attribute == CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR ? 9
                                                                            : 0;
    });
}

EXPORT CUresult cuDeviceTotalMem_v2(std::size_t* bytes, CUdevice device) {
    return initialized([&] {
        check_given(bytes);
        device_of(device);
        *bytes = total_memory();
    });
}

EXPORT CUresult cuDevicePrimaryCtxRetain(CUcontext* context, CUdevice index) {
    return working([&] {
        check_given(context);
        Device& device = device_of(index);
        if (device.retained++ == 0) {
            device.streams.push_back(std::shared_ptr<Stream>(new Stream{device, true}));
        }
        *context = context_of(device);
    });
}

EXPORT CUresult cuDevicePrimaryCtxRelease_v2(CUdevice index) {
    return working([&] {
        Device& device = device_of(index);
        check(device.retained > 0, CUDA_ERROR_INVALID_CONTEXT);
        if (--device.retained == 0) {
            state().destroy_context(device);
        }
    });
}

EXPORT CUresult cuCtxSetCurrent(CUcontext context) {
    return working([&] {
        if (context == nullptr) {
            current = nullptr;
            return;
        }
        for (const std::unique_ptr<Device>& device : state().devices) {
            if (context_of(*device) == context && device->retained > 0) {
                current = device.get();
                return;
            }
        }
        throw Failure{CUDA_ERROR_INVALID_CONTEXT};
    });
}

EXPORT CUresult cuCtxSynchronize() {
    return in_context([](Device& device) { device.run_all(); });
}

// ---- device memory -----------------------------------------------------------------------------

EXPORT CUresult cuMemGetInfo_v2(std::size_t* free, std::size_t* total) {
    return in_context([&](Device& device) {
        check_given(free);
        check_given(total);
        *free = settings().reported_free.value_or(settings().memory - device.used);
        *total = total_memory();
    });
}

EXPORT CUresult cuMemAlloc_v2(CUdeviceptr* pointer, std::size_t bytes) {
    return in_context([&](Device& device) {
        check_given(pointer);
        check(bytes > 0, CUDA_ERROR_INVALID_VALUE);
        std::uint64_t left = settings().memory - device.used;
        check(bytes <= left, CUDA_ERROR_OUT_OF_MEMORY);
        auto memory = std::make_unique<GuardedMemory>(bytes, device_alignment);
        check(memory->rounded_bytes() <= left, CUDA_ERROR_OUT_OF_MEMORY);
        device.used += memory->rounded_bytes();
        *pointer = memory->start();
        device.allocations[memory->start()] = std::move(memory);
    });
}

EXPORT CUresult cuMemFree_v2(CUdeviceptr pointer) {
    return in_context([&](Device& device) { state().free(device, pointer); });
}

// ---- pinned host memory ------------------------------------------------------------------------

EXPORT CUresult cuMemHostAlloc(void** pointer, std::size_t bytes, unsigned int flags) {
    return in_context([&](Device& device) {
        check_given(pointer);
        check(bytes > 0, CUDA_ERROR_INVALID_VALUE);
        check_flags(flags, CU_MEMHOSTALLOC_PORTABLE | CU_MEMHOSTALLOC_DEVICEMAP
                        | CU_MEMHOSTALLOC_WRITECOMBINED);
        check(bytes <= std::size_t{1} << 40, CUDA_ERROR_OUT_OF_MEMORY);
        auto memory = std::make_unique<GuardedMemory>(bytes, pinned_alignment);
        std::uintptr_t start = memory->start();
        state().pinned.emplace(start, Pinned{bytes, device, std::move(memory)});
        *pointer = reinterpret_cast<void*>(start);
    });
}

EXPORT CUresult cuMemFreeHost(void* pointer) {
    return in_context([&](Device&) {
        auto found = state().pinned.find(reinterpret_cast<std::uintptr_t>(pointer));
        check(found != state().pinned.end() && found->second.memory != nullptr,
                CUDA_ERROR_INVALID_VALUE);
        state().unpin(found->first);
    });
}

EXPORT CUresult cuMemHostRegister_v2(void* pointer, std::size_t bytes, unsigned int flags) {
    return in_context([&](Device& device) {
        check_given(pointer);
        check(bytes > 0, CUDA_ERROR_INVALID_VALUE);
        check_flags(flags, CU_MEMHOSTREGISTER_PORTABLE | CU_MEMHOSTREGISTER_DEVICEMAP
                        | CU_MEMHOSTREGISTER_IOMEMORY | CU_MEMHOSTREGISTER_READ_ONLY);
        // The attributes do not promise these.
        check((flags & (CU_MEMHOSTREGISTER_IOMEMORY | CU_MEMHOSTREGISTER_READ_ONLY)) == 0,
                CUDA_ERROR_NOT_SUPPORTED);
        auto start = reinterpret_cast<std::uintptr_t>(pointer);
        for (const auto& [other, range] : state().pinned) {
            check(start >= other + range.bytes || other >= start + bytes,
                    CUDA_ERROR_HOST_MEMORY_ALREADY_REGISTERED);
        }
        state().pinned.emplace(start, Pinned{bytes, device, nullptr});
    });
}

EXPORT CUresult cuMemHostUnregister(void* pointer) {
    return in_context([&](Device&) {
        auto found = state().pinned.find(reinterpret_cast<std::uintptr_t>(pointer));
        check(found != state().pinned.end() && found->second.memory == nullptr,
                CUDA_ERROR_HOST_MEMORY_NOT_REGISTERED);
        state().unpin(found->first);
    });
}

// ---- copies ------------------------------------------------------------------------------------

EXPORT CUresult cuMemcpyHtoDAsync_v2(
        CUdeviceptr to, const void* from, std::size_t bytes, CUstream stream) {
    return in_context([&](Device& device) {
        if (bytes > 0) {
            check_given(from);
            check_device_range(device, to, bytes);
        }
        copy(stream, device, address_of(to), from, bytes, from);
    });
}

EXPORT CUresult cuMemcpyDtoHAsync_v2(
        void* to, CUdeviceptr from, std::size_t bytes, CUstream stream) {
    return in_context([&](Device& device) {
        if (bytes > 0) {
            check_given(to);
            check_device_range(device, from, bytes);
        }
        copy(stream, device, to, address_of(from), bytes, to);
    });
}

EXPORT CUresult cuMemcpyDtoDAsync_v2(
        CUdeviceptr to, CUdeviceptr from, std::size_t bytes, CUstream stream) {
    return in_context([&](Device& device) {
        if (bytes > 0) {
            check_device_range(device, to, bytes);
            check_device_range(device, from, bytes);
        }
        copy(stream, device, address_of(to), address_of(from), bytes, nullptr);
    });
}

EXPORT CUresult cuMemsetD8Async(
        CUdeviceptr to, unsigned char value, std::size_t count, CUstream stream) {
    return in_context([&](Device& device) {
        if (count > 0) {
            check_device_range(device, to, count);
        }
        state().submit(state().stream(stream, device),
                [=] { std::memset(address_of(to), value, count); });
    });
}

EXPORT CUresult cuMemsetD32Async(
        CUdeviceptr to, unsigned int value, std::size_t count, CUstream stream) {
    return in_context([&](Device& device) {
        if (count > 0) {
            check(to % sizeof value == 0 && count <= SIZE_MAX / sizeof value,
                    CUDA_ERROR_INVALID_VALUE);
            check_device_range(device, to, count * sizeof value);
        }
        state().submit(state().stream(stream, device),
                [=] { std::fill_n(static_cast<unsigned int*>(address_of(to)), count, value); });
    });
}

// ---- streams -----------------------------------------------------------------------------------

EXPORT CUresult cuStreamCreate(CUstream* stream, unsigned int flags) {
    return in_context([&](Device& device) {
        check_given(stream);
        check_flags(flags, CU_STREAM_NON_BLOCKING);
        std::shared_ptr<Stream> created(
                new Stream{device, (flags & CU_STREAM_NON_BLOCKING) == 0});
        device.streams.push_back(created);
        *stream = state().streams.add(created);
    });
}

EXPORT CUresult cuStreamSynchronize(CUstream stream) {
    return in_context([&](Device& device) {
        // The default stream takes part only with something to do.
        state().submit(state().stream(stream, device), [] {}, true);
    });
}

// What it has to do, it may do later.
EXPORT CUresult cuStreamDestroy_v2(CUstream stream) {
    return in_context([&](Device&) {
        state().streams.get(stream);
        state().streams.remove(stream);
    });
}

EXPORT CUresult cuStreamWaitEvent(CUstream stream, CUevent event, unsigned int flags) {
    return in_context([&](Device& device) {
        check_flags(flags, 0);
        const std::shared_ptr<Stream>& waiting = state().stream(stream, device);
        // It may be another device's.
        const std::shared_ptr<Event>& awaited = state().events.get(event);
        if (awaited->stream != nullptr && awaited->stream != waiting) {
            std::shared_ptr<Stream> other = awaited->stream;
            std::uint64_t until = awaited->recorded_at;
            state().submit(waiting, [other, until] { other->run_until(until); });
        }
    });
}

// ---- events ------------------------------------------------------------------------------------

EXPORT CUresult cuEventCreate(CUevent* event, unsigned int flags) {
    return in_context([&](Device& device) {
        check_given(event);
        check_flags(flags, CU_EVENT_BLOCKING_SYNC | CU_EVENT_DISABLE_TIMING);
        *event = state().events.add(std::shared_ptr<Event>(
                new Event{device, (flags & CU_EVENT_DISABLE_TIMING) == 0}));
    });
}

EXPORT CUresult cuEventRecord(CUevent handle, CUstream stream) {
    return in_context([&](Device& device) {
        std::shared_ptr<Event> event = state().events.get(handle, device);
        event->stream = state().stream(stream, device);
        state().submit(event->stream, [event] { event->time = std::chrono::steady_clock::now(); });
        event->recorded_at = event->stream->submitted;
    });
}

EXPORT CUresult cuEventSynchronize(CUevent event) {
    return in_context([&](Device&) {
        const std::shared_ptr<Event>& awaited = state().events.get(event);
        if (awaited->stream != nullptr) {
            awaited->stream->run_until(awaited->recorded_at);
        }
    });
}

EXPORT CUresult cuEventElapsedTime(float* milliseconds, CUevent start, CUevent end) {
    return in_context([&](Device&) {
        check_given(milliseconds);
        const std::shared_ptr<Event>& from = state().events.get(start);
        const std::shared_ptr<Event>& to = state().events.get(end);
        check(from->is_timed && to->is_timed && from->stream != nullptr && to->stream != nullptr,
                CUDA_ERROR_INVALID_HANDLE);
        check(from->is_finished() && to->is_finished(), CUDA_ERROR_NOT_READY);
        *milliseconds = std::chrono::duration<float, std::milli>(to->time - from->time).count();
    });
}

EXPORT CUresult cuEventElapsedTime_v2(float* milliseconds, CUevent start, CUevent end) {
    return cuEventElapsedTime(milliseconds, start, end);
}

EXPORT CUresult cuEventDestroy_v2(CUevent event) {
    return in_context([&](Device&) {
        state().events.get(event);
        state().events.remove(event);
    });
}

// ---- modules -----------------------------------------------------------------------------------

namespace {

// What the program may ask of the compiler of PTX text: to write what it has to say into buffers.
struct CompilerLogs {
    unsigned int count;
    const CUjit_option* options;
    void** values;

    void write(CUjit_option buffer, CUjit_option buffer_bytes, const std::string& text) const {
        char* to = nullptr;
        std::size_t room = 0;
        void** length = nullptr;
        for (unsigned int i = 0; i < count; i++) {
            if (options[i] == buffer) {
                to = static_cast<char*>(values[i]);
            } else if (options[i] == buffer_bytes) {
                length = &values[i];
                // An unsigned int in the place of a pointer.
                room = static_cast<unsigned int>(reinterpret_cast<std::uintptr_t>(values[i]));
            }
        }
        std::size_t written = 0;
        if (to != nullptr && room > 0) {
            written = text.copy(to, room - 1);
            to[written] = '\0';
        }
        if (length != nullptr) {
            *length = reinterpret_cast<void*>(written);
        }
    }
};

CUresult load_module(CUmodule* module, const void* image, const CompilerLogs& logs) {
    return in_context([&](Device& device) {
        check_given(module);
        check_given(image);
        auto text = static_cast<const char*>(image);
        bool is_text = std::strncmp(text, "//", 2) == 0 || text[0] == '.';
        CUresult result = !is_text                          ? CUDA_ERROR_INVALID_IMAGE
                : std::strstr(text, ".version") == nullptr ? CUDA_ERROR_INVALID_PTX
                : settings().ptx_too_new ? CUDA_ERROR_UNSUPPORTED_PTX_VERSION
                                         : CUDA_SUCCESS;
        logs.write(CU_JIT_INFO_LOG_BUFFER, CU_JIT_INFO_LOG_BUFFER_SIZE_BYTES, "");
        logs.write(CU_JIT_ERROR_LOG_BUFFER, CU_JIT_ERROR_LOG_BUFFER_SIZE_BYTES,
                result == CUDA_SUCCESS          ? ""
                        : settings().ptx_too_new ? "ptxas fatal   : Unsupported .version"
                                                 : "ptxas fatal   : Missing .version directive");
        check(result == CUDA_SUCCESS, result);
        *module = state().modules.add(std::shared_ptr<Module>(new Module{device, {}}));
    });
}

const Kernel& kernel_named(const char* name) {
    for (std::size_t i = 0; i < kernel_count; i++) {
        if (std::strcmp(kernels[i].name, name) == 0) {
            return kernels[i];
        }
    }
    throw Failure{CUDA_ERROR_NOT_FOUND};
}

}  // namespace

EXPORT CUresult cuModuleLoadData(CUmodule* module, const void* image) {
    return load_module(module, image, {});
}

EXPORT CUresult cuModuleLoadDataEx(CUmodule* module, const void* image, unsigned int option_count,
        CUjit_option* options, void** option_values) {
    if (option_count > 0 && (options == nullptr || option_values == nullptr)) {
        return CUDA_ERROR_INVALID_VALUE;
    }
    return load_module(module, image, {option_count, options, option_values});
}

EXPORT CUresult cuModuleUnload(CUmodule handle) {
    return in_context([&](Device& device) {
        // As with memory: no kernel of it is running any more.
        device.run_all();
        for (const auto& [kernel, function] : state().modules.get(handle, device)->functions) {
            state().functions.remove(function);
        }
        state().modules.remove(handle);
    });
}

EXPORT CUresult cuModuleGetFunction(CUfunction* function, CUmodule handle, const char* name) {
    return in_context([&](Device& device) {
        check_given(function);
        check_given(name);
        const std::shared_ptr<Module>& module = state().modules.get(handle, device);
        const Kernel& kernel = kernel_named(name);
        CUfunction& known = module->functions[&kernel];
        if (known == nullptr) {
            known = state().functions.add(
                    std::shared_ptr<Function>(new Function{device, kernel}));
        }
        *function = known;
    });
}

// ---- kernels -----------------------------------------------------------------------------------

namespace {

void check_dimensions(const dim3& size, std::uint64_t x, std::uint64_t y, std::uint64_t z) {
    check(size.x >= 1 && size.x <= x && size.y >= 1 && size.y <= y && size.z >= 1 && size.z <= z,
            CUDA_ERROR_INVALID_VALUE);
}

// The real driver would let it pass, and the kernel crash when it uses the pointer.
void check_pointer(
        const Device& device, const Kernel& kernel, std::size_t parameter, std::uintptr_t address) {
    // Just past the end may be where nothing is left.
    if (address != 0 && device.find(address, 0) == nullptr && !state().is_pinned(address, 1)) {
        char place[200];
        describe_address(address, place, sizeof place);
        defect("%s: parameter %zu (from 0 on) points to 0x%llx, which device %d cannot reach: %s",
                kernel.name, parameter, static_cast<unsigned long long>(address), device.index,
                place);
    }
}

}  // namespace

EXPORT CUresult cuLaunchKernel(CUfunction handle, unsigned int grid_x, unsigned int grid_y,
        unsigned int grid_z, unsigned int block_x, unsigned int block_y, unsigned int block_z,
        unsigned int shared_bytes, CUstream stream, void** parameters, void** extra) {
    return in_context([&](Device& device) {
        const Kernel& kernel = state().functions.get(handle, device)->kernel;
        Launch launch{&kernel, {grid_x, grid_y, grid_z}, {block_x, block_y, block_z}, {}};
        check_dimensions(launch.grid, 0x7fffffff, 65535, 65535);
        check_dimensions(launch.block, 1024, 1024, 64);
        check(std::uint64_t{block_x} * block_y * block_z <= kernel.most_threads,
                CUDA_ERROR_INVALID_VALUE);
        // The emulation has static shared memory only, and no other way to give arguments.
        check(shared_bytes == 0 && extra == nullptr, CUDA_ERROR_INVALID_VALUE);
        check(parameters != nullptr || kernel.parameter_count == 0, CUDA_ERROR_INVALID_VALUE);
        const std::shared_ptr<Stream>& where = state().stream(stream, device);
        for (std::size_t i = 0; i < kernel.parameter_count; i++) {
            check_given(parameters[i]);
            std::uint64_t argument = 0;
            std::memcpy(&argument, parameters[i], kernel.parameters[i].bytes);
            if (kernel.parameters[i].is_pointer) {
                check_pointer(device, kernel, i, argument);
            }
            launch.arguments.push_back(argument);
        }
        if (++state().launches == settings().fail_at) {
            state().submit(where, [] { state().has_failed = true; });
        } else {
            state().submit(where, [launch = std::move(launch)] { run(launch); });
        }
    });
}
