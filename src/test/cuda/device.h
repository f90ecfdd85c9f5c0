// CUDA C++ for a plain C++ compiler: what kernels.cu may use. Included before it.
#pragma once

// The standard headers come first: some use the names that are macros below.
#include <float.h>
#include <limits.h>
#include <math.h>

#include <atomic>
#include <bit>
#include <cassert>
#include <cfloat>
#include <climits>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <type_traits>
#include <utility>

#include "here.h"

#define __global__
#define __device__
#define __host__
#define __constant__
#define __launch_bounds__(...)
#define __forceinline__ inline __attribute__((always_inline))
#define __noinline__ __attribute__((noinline))
// Of thread-local storage the emulation can find out where it is, to fill it with poison.
#define __shared__ static thread_local

// Read-only, as on the device.
#define threadIdx (std::as_const(emulated::here.thread))
#define blockIdx (std::as_const(emulated::here.block))
#define blockDim (std::as_const(emulated::here.block_size))
#define gridDim (std::as_const(emulated::here.grid_size))
#define __syncthreads() emulated::barrier(__LINE__)

inline void __threadfence() {}
inline void __threadfence_block() {}
[[noreturn]] inline void __trap() { __builtin_trap(); }

// ---- vectors -----------------------------------------------------------------------------------

#define EMULATED_VECTORS(name, type)                                                      \
    struct alignas(2 * sizeof(type)) name##2 {                                            \
        type x, y;                                                                        \
    };                                                                                    \
    struct alignas(sizeof(type) < 4 ? 4 * sizeof(type) : 16) name##4 {                    \
        type x, y, z, w;                                                                  \
    };                                                                                    \
    inline name##2 make_##name##2(type x, type y) { return {x, y}; }                      \
    inline name##4 make_##name##4(type x, type y, type z, type w) { return {x, y, z, w}; }

EMULATED_VECTORS(char, signed char)
EMULATED_VECTORS(uchar, unsigned char)
EMULATED_VECTORS(short, short)
EMULATED_VECTORS(ushort, unsigned short)
EMULATED_VECTORS(int, int)
EMULATED_VECTORS(uint, unsigned int)
EMULATED_VECTORS(longlong, long long)
EMULATED_VECTORS(ulonglong, unsigned long long)
EMULATED_VECTORS(float, float)
EMULATED_VECTORS(double, double)
#undef EMULATED_VECTORS

// ---- numbers -----------------------------------------------------------------------------------

#define EMULATED_MIN_MAX(type)                                  \
    inline type min(type a, type b) { return b < a ? b : a; }   \
    inline type max(type a, type b) { return a < b ? b : a; }

EMULATED_MIN_MAX(int)
EMULATED_MIN_MAX(unsigned int)
EMULATED_MIN_MAX(long)
EMULATED_MIN_MAX(unsigned long)
EMULATED_MIN_MAX(long long)
EMULATED_MIN_MAX(unsigned long long)
#undef EMULATED_MIN_MAX
// A NaN gives way to a number.
inline float min(float a, float b) { return fminf(a, b); }
inline float max(float a, float b) { return fmaxf(a, b); }
inline double min(double a, double b) { return fmin(a, b); }
inline double max(double a, double b) { return fmax(a, b); }

inline float rsqrtf(float a) { return 1.0f / sqrtf(a); }
inline double rsqrt(double a) { return 1.0 / sqrt(a); }

inline unsigned int __float_as_uint(float a) { return std::bit_cast<unsigned int>(a); }
inline int __float_as_int(float a) { return std::bit_cast<int>(a); }
inline float __uint_as_float(unsigned int a) { return std::bit_cast<float>(a); }
inline float __int_as_float(int a) { return std::bit_cast<float>(a); }
inline long long __double_as_longlong(double a) { return std::bit_cast<long long>(a); }
inline double __longlong_as_double(long long a) { return std::bit_cast<double>(a); }

inline float __double2float_rn(double a) { return static_cast<float>(a); }
inline float __int2float_rn(int a) { return static_cast<float>(a); }
inline float __uint2float_rn(unsigned int a) { return static_cast<float>(a); }
inline float __ll2float_rn(long long a) { return static_cast<float>(a); }
inline float __ull2float_rn(unsigned long long a) { return static_cast<float>(a); }
inline double __int2double_rn(int a) { return a; }
inline double __uint2double_rn(unsigned int a) { return a; }
inline double __ll2double_rn(long long a) { return static_cast<double>(a); }
inline double __ull2double_rn(unsigned long long a) { return static_cast<double>(a); }

inline float __fadd_rn(float a, float b) { return a + b; }
inline float __fsub_rn(float a, float b) { return a - b; }
inline float __fmul_rn(float a, float b) { return a * b; }
inline float __fdiv_rn(float a, float b) { return a / b; }
inline float __frcp_rn(float a) { return 1.0f / a; }
inline float __fsqrt_rn(float a) { return sqrtf(a); }
inline float __fmaf_rn(float a, float b, float c) { return fmaf(a, b, c); }
inline double __dadd_rn(double a, double b) { return a + b; }
inline double __dsub_rn(double a, double b) { return a - b; }
inline double __dmul_rn(double a, double b) { return a * b; }
inline double __ddiv_rn(double a, double b) { return a / b; }
inline double __drcp_rn(double a) { return 1.0 / a; }
inline double __dsqrt_rn(double a) { return sqrt(a); }
inline double __fma_rn(double a, double b, double c) { return fma(a, b, c); }

inline int __popc(unsigned int a) { return std::popcount(a); }
inline int __popcll(unsigned long long a) { return std::popcount(a); }
inline int __clz(int a) { return std::countl_zero(static_cast<unsigned int>(a)); }
inline int __clzll(long long a) { return std::countl_zero(static_cast<unsigned long long>(a)); }
inline int __ffs(int a) { return __builtin_ffs(a); }
inline int __ffsll(long long a) { return __builtin_ffsll(a); }
inline unsigned int __umulhi(unsigned int a, unsigned int b) {
    return static_cast<unsigned int>((static_cast<unsigned long long>(a) * b) >> 32);
}
inline unsigned long long __umul64hi(unsigned long long a, unsigned long long b) {
    return static_cast<unsigned long long>((static_cast<unsigned __int128>(a) * b) >> 64);
}

// ---- memory ------------------------------------------------------------------------------------

template <typename T>
inline T __ldg(const T* address) {
    return *address;
}

// One thread runs at a time, and is never interrupted between barriers: atomic as they are.

#define EMULATED_ATOMIC(name, type, result)           \
    inline type name(type* address, type value) {     \
        type old = *address;                          \
        *address = result;                            \
        return old;                                   \
    }
#define EMULATED_ATOMICS(type)                                             \
    EMULATED_ATOMIC(atomicAdd, type, old + value)                          \
    EMULATED_ATOMIC(atomicExch, type, value)
#define EMULATED_INTEGER_ATOMICS(type)                                     \
    EMULATED_ATOMICS(type)                                                 \
    EMULATED_ATOMIC(atomicMax, type, old < value ? value : old)            \
    EMULATED_ATOMIC(atomicMin, type, value < old ? value : old)            \
    EMULATED_ATOMIC(atomicOr, type, old | value)                           \
    EMULATED_ATOMIC(atomicAnd, type, old & value)                          \
    EMULATED_ATOMIC(atomicXor, type, old ^ value)                          \
    inline type atomicCAS(type* address, type compare, type value) {       \
        type old = *address;                                               \
        *address = old == compare ? value : old;                           \
        return old;                                                        \
    }

EMULATED_INTEGER_ATOMICS(int)
EMULATED_INTEGER_ATOMICS(unsigned int)
EMULATED_INTEGER_ATOMICS(unsigned long long)
EMULATED_ATOMICS(float)
EMULATED_ATOMICS(double)
#undef EMULATED_INTEGER_ATOMICS
#undef EMULATED_ATOMICS
#undef EMULATED_ATOMIC
