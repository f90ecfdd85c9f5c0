// What the environment asks of the emulation.
#pragma once

#include <cstdint>
#include <optional>

namespace emulated {

struct Settings {
    int devices;                                 // EMULATED_CUDA_DEVICES
    std::uint64_t memory;                        // EMULATED_CUDA_MEMORY: bytes of each device
    std::optional<std::uint64_t> reported_free;  // EMULATED_CUDA_REPORTED_FREE: bytes
    std::optional<std::uint64_t> fail_at;        // EMULATED_CUDA_FAIL_AT: which launch, from 1 on
    bool late;                                   // EMULATED_CUDA_LATE
    bool backwards;                              // EMULATED_CUDA_BACKWARDS
    bool ptx_too_new;                            // EMULATED_CUDA_PTX_TOO_NEW
    bool no_device;                              // EMULATED_CUDA_NO_DEVICE
};

// As the environment was at the first call.
const Settings& settings();

}  // namespace emulated
