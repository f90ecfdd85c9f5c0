#include "settings.h"

#include <cstdlib>
#include <cstring>

#include "defect.h"

namespace emulated {
namespace {

const char* text(const char* name) {
    const char* value = std::getenv(name);
    return value == nullptr || *value == '\0' ? nullptr : value;
}

std::optional<std::uint64_t> number(const char* name) {
    const char* value = text(name);
    if (value == nullptr) {
        return std::nullopt;
    }
    char* end;
    std::uint64_t parsed = std::strtoull(value, &end, 10);
    if (*value < '0' || *value > '9' || *end != '\0') {
        defect("%s is not a number: %s", name, value);
    }
    return parsed;
}

bool flag(const char* name) {
    const char* value = text(name);
    if (value != nullptr && std::strcmp(value, "0") != 0 && std::strcmp(value, "1") != 0) {
        defect("%s is neither 0 nor 1: %s", name, value);
    }
    return value != nullptr && *value == '1';
}

}  // namespace

const Settings& settings() {
    static const Settings settings{
            .devices = static_cast<int>(number("EMULATED_CUDA_DEVICES").value_or(1)),
            .memory = number("EMULATED_CUDA_MEMORY").value_or(1u << 30),
            .reported_free = number("EMULATED_CUDA_REPORTED_FREE"),
            .fail_at = number("EMULATED_CUDA_FAIL_AT"),
            .late = flag("EMULATED_CUDA_LATE"),
            .backwards = flag("EMULATED_CUDA_BACKWARDS"),
            .ptx_too_new = flag("EMULATED_CUDA_PTX_TOO_NEW"),
            .no_device = flag("EMULATED_CUDA_NO_DEVICE"),
    };
    return settings;
}

}  // namespace emulated
