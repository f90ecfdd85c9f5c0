// The primitives of merging on an NVIDIA GPU.
//
// Each kernel works on one chunk of a tensor: `n` elements from element `from` of the tensor on. The
// arithmetic of an element is that of jmergekit.kernel.TileOps, operation by operation, each rounded
// once: compile with -fmad=false, never with -use_fast_math. Then the results are the CPU's, bit for
// bit, but for which NaN an operation gives. Sums over many elements are in float64, in an order
// that depends on the tensor's shape alone: one block adds up one segment (see Chunk), and the host
// adds the segments in order.
//
// No instruction newer than compute capability 7.5 and nothing but barriers within a block, so that
// scripts/emulate-cuda can run the kernels on a CPU. scripts/build-ptx makes the PTX text.

typedef unsigned char byte;
typedef unsigned short ushort16;

static const int THREADS = 256;
static const unsigned MAGNITUDE = 0x7fffffffu;
static const unsigned NAN_MAGNITUDE = 0x7f800001u;

// How elements are stored. The numbers are those of jmergekit.cuda.ElementType.
enum ElementType {
    F64, F32, F16, BF16, F8_E4M3, F8_E5M2, I64, I32, I16, I8, U64, U32, U16, U8, BOOL
};

// What of a source's difference from the base takes part.
enum MaskKind { KEEP_ALL, KEEP_NONE, KEEP_BYTES, KEEP_DRAWN };

// One source of a chunk; as jmergekit.cuda.Operands writes it.
struct Operand {
    const void* data;            // the chunk's first element
    const byte* kept;            // KEEP_BYTES: one byte for each element, 0 or 1
    unsigned long long key;      // KEEP_DRAWN: of the draws
    int type;
    int mask;
    unsigned limit;              // KEEP_DRAWN: draws below it keep
    float first;                 // factors whose meaning the kernel says
    float second;
    int unused;
};

// Which part of a tensor a chunk is, and how it falls into segments; as jmergekit.cuda.DeviceChunk
// writes it. A segment is `length` elements long or, if `runs` is not 0, one of the `runs` parts of
// RUN elements (the last one shorter) that a row is divided into. Chunks begin and end where
// segments do.
struct Chunk {
    long long from;
    long long n;
    long long rowLength;
    long long length;
    long long firstSegment;
    int segments;
    int runs;
};

static const long long RUN = 1 << 20;

__device__ __forceinline__ long long segmentStart(const Chunk& chunk, long long segment) {
    return chunk.runs == 0
            ? segment * chunk.length
            : segment / chunk.runs * chunk.rowLength + segment % chunk.runs * RUN;
}

// The elements of block x's segment, counted from the chunk's first one.
__device__ __forceinline__ void segmentRange(
        const Chunk& chunk, long long segment, long long& begin, long long& end) {
    begin = segmentStart(chunk, chunk.firstSegment + segment) - chunk.from;
    end = segmentStart(chunk, chunk.firstSegment + segment + 1) - chunk.from;
    if (end > chunk.n) {
        end = chunk.n;
    }
}

// ---- Reading and writing elements ----

__device__ __forceinline__ float asFloat(unsigned bits) {
    return __uint_as_float(bits);
}

__device__ __forceinline__ unsigned asBits(float x) {
    return __float_as_uint(x);
}

__device__ float ofF16(unsigned bits) {
    unsigned sign = (bits & 0x8000u) << 16;
    unsigned magnitude = bits & 0x7fffu;
    if (magnitude >= 0x7c00u) {
        return asFloat(sign | 0x7f800000u | (magnitude & 0x3ffu) << 13);
    }
    if (magnitude >= 0x400u) {
        return asFloat(sign | (magnitude << 13) + (112u << 23));
    }
    float value = (float)magnitude * 0x1p-24f;
    return asFloat(sign | asBits(value));
}

__device__ float ofE4m3(unsigned bits) {
    unsigned sign = (bits & 0x80u) << 24;
    unsigned magnitude = bits & 0x7fu;
    if (magnitude == 0x7fu) {
        return asFloat(0x7fc00000u);
    }
    if (magnitude >= 8u) {
        return asFloat(sign | (magnitude << 20) + (120u << 23));
    }
    float value = (float)magnitude * 0x1p-9f;
    return asFloat(sign | asBits(value));
}

__device__ __noinline__ float loadOther(const void* data, int type, long long i) {
    switch (type) {
        case F64: return (float)((const double*)data)[i];
        case F16: return ofF16(((const ushort16*)data)[i]);
        case F8_E4M3: return ofE4m3(((const byte*)data)[i]);
        case F8_E5M2: return ofF16((unsigned)((const byte*)data)[i] << 8);
        case I64: return (float)((const long long*)data)[i];
        case I32: return (float)((const int*)data)[i];
        case I16: return (float)((const short*)data)[i];
        case I8: return (float)((const signed char*)data)[i];
        case U64: return (float)((const unsigned long long*)data)[i];
        case U32: return (float)((const unsigned*)data)[i];
        case U16: return (float)((const ushort16*)data)[i];
        case U8: return (float)((const byte*)data)[i];
        default: return ((const byte*)data)[i] == 0 ? 0.0f : 1.0f;
    }
}

__device__ __forceinline__ float load(const void* data, int type, long long i) {
    if (type == BF16) {
        return asFloat((unsigned)((const ushort16*)data)[i] << 16);
    }
    if (type == F32) {
        return ((const float*)data)[i];
    }
    return loadOther(data, type, i);
}

__device__ __forceinline__ float load(const Operand& operand, long long i) {
    return load(operand.data, operand.type, i);
}

// The bits, without sign, of `x` in a format of `significandBits` and exponent `bias`, as if its
// exponents had no upper end. `x` is not NaN.
__device__ unsigned roundMagnitude(float x, int significandBits, int bias) {
    unsigned magnitude = asBits(x) & MAGNITUDE;
    unsigned smallestNormal = (unsigned)(128 - bias) << 23;
    if (magnitude < smallestNormal) {
        unsigned power = (unsigned)(1 - bias - significandBits + 23 + 127) << 23;
        return asBits(asFloat(magnitude) + asFloat(power)) - power;
    }
    int dropped = 23 - significandBits;
    unsigned odd = magnitude >> dropped & 1u;
    unsigned rebiased = magnitude - ((unsigned)(127 - bias) << 23);
    return rebiased + (1u << (dropped - 1)) - 1u + odd >> dropped;
}

__device__ __forceinline__ unsigned toBf16(float x) {
    if (x != x) {
        return 0x7fc0u;
    }
    unsigned bits = asBits(x);
    return bits + 0x7fffu + (bits >> 16 & 1u) >> 16;
}

// Rounded to the format, or `most` beyond its range.
__device__ unsigned toSmall(
        float x, int significandBits, int bias, unsigned most, unsigned nan) {
    if (x != x) {
        return nan;
    }
    unsigned magnitude = (asBits(x) & MAGNITUDE) == 0x7f800000u
            ? most
            : roundMagnitude(x, significandBits, bias);
    unsigned sign = asBits(x) >> 31 << (significandBits == 10 ? 15 : 7);
    // E4M3 has no infinity: what is too large becomes its only NaN.
    if (magnitude >= most) {
        return most == nan ? nan : sign | most;
    }
    return sign | magnitude;
}

__device__ long long toInteger(float x, double low, double high, long long lowest, long long most) {
    double whole = rint((double)x);
    if (whole != whole) {
        return 0;
    }
    return whole <= low ? lowest : whole >= high ? most : (long long)whole;
}

__device__ unsigned long long toUnsigned64(float x) {
    double whole = rint((double)x);
    if (!(whole > 0)) {
        return 0;
    }
    return whole >= 0x1p64 ? ~0ull : (unsigned long long)whole;
}

__device__ __noinline__ void storeOther(void* data, int type, long long i, float x) {
    switch (type) {
        case F64:
            if (x != x) {
                ((unsigned long long*)data)[i] = 0x7ff8000000000000ull;
            } else {
                ((double*)data)[i] = x;
            }
            break;
        case F16: ((ushort16*)data)[i] = (ushort16)toSmall(x, 10, 15, 0x7c00u, 0x7e00u); break;
        case F8_E4M3: ((byte*)data)[i] = (byte)toSmall(x, 3, 7, 0x7fu, 0x7fu); break;
        case F8_E5M2: ((byte*)data)[i] = (byte)toSmall(x, 2, 15, 0x7cu, 0x7fu); break;
        case I64:
            ((long long*)data)[i] = toInteger(
                    x, -0x1p63, 0x1p63,
                    -9223372036854775807ll - 1, 9223372036854775807ll);
            break;
        case I32:
            ((int*)data)[i] = (int)toInteger(
                    x, -2147483648.0, 2147483647.0, -2147483648ll, 2147483647ll);
            break;
        case I16: ((short*)data)[i] = (short)toInteger(x, -32768, 32767, -32768, 32767); break;
        case I8: ((signed char*)data)[i] = (signed char)toInteger(x, -128, 127, -128, 127); break;
        case U64: ((unsigned long long*)data)[i] = toUnsigned64(x); break;
        case U32:
            ((unsigned*)data)[i] = (unsigned)toInteger(x, 0, 4294967295.0, 0, 4294967295ll);
            break;
        case U16: ((ushort16*)data)[i] = (ushort16)toInteger(x, 0, 65535, 0, 65535); break;
        case U8: ((byte*)data)[i] = (byte)toInteger(x, 0, 255, 0, 255); break;
        default: ((byte*)data)[i] = x == 0 ? 0 : 1;
    }
}

__device__ __forceinline__ void store(void* data, int type, long long i, float x) {
    if (type == BF16) {
        ((ushort16*)data)[i] = (ushort16)toBf16(x);
    } else if (type == F32) {
        ((float*)data)[i] = x != x ? asFloat(0x7fc00000u) : x;
    } else {
        storeOther(data, type, i, x);
    }
}

// ---- Masks ----

__device__ __forceinline__ unsigned mix(unsigned x) {
    unsigned mixed = (x ^ x >> 16) * 0x21f0aaadu;
    mixed = (mixed ^ mixed >> 15) * 0x735a2d97u;
    return mixed ^ mixed >> 15;
}

// The draw of an element, as jmergekit.kernel.Draws.
__device__ __forceinline__ unsigned draw(unsigned long long key, long long element) {
    unsigned firstKey = mix((unsigned)key + (unsigned)(element >> 32) * 0x21f0aaadu);
    return mix(mix((unsigned)element ^ firstKey) + (unsigned)(key >> 32));
}

__device__ __forceinline__ bool keeps(const Operand& operand, long long from, long long i) {
    switch (operand.mask) {
        case KEEP_ALL: return true;
        case KEEP_BYTES: return operand.kept[i] != 0;
        case KEEP_DRAWN: return draw(operand.key, from + i) < operand.limit;
        default: return false;
    }
}

__device__ __forceinline__ float difference(
        const Operand& operand, float base, long long from, long long i) {
    float change = load(operand, i) - base;
    return keeps(operand, from, i) ? change : 0.0f;
}

#define FOR_EACH_ELEMENT(i, n)                                                     \
    for (long long i = (long long)blockIdx.x * blockDim.x + threadIdx.x; i < (n); \
         i += (long long)gridDim.x * blockDim.x)

// ---- Combinations ----

// The sum of `first` times each source.
extern "C" __global__ void weighted_sum(
        const Operand* sources, int count, void* out, int type, long long n) {
    FOR_EACH_ELEMENT(i, n) {
        float sum = load(sources[0], i);
        if (sources[0].first != 1.0f) {
            sum = sources[0].first * sum;
        }
        for (int s = 1; s < count; s++) {
            sum = sum + sources[s].first * load(sources[s], i);
        }
        store(out, type, i, sum);
    }
}

// Base plus `factor` times the sum of `first` times the difference of each other source.
extern "C" __global__ void add_differences(
        const Operand* sources, int count, int base, float factor, void* out, int type,
        long long from, long long n) {
    FOR_EACH_ELEMENT(i, n) {
        float start = load(sources[base], i);
        float sum = 0;
        for (int s = 0; s < count; s++) {
            if (s != base) {
                sum = sum + sources[s].first * difference(sources[s], start, from, i);
            }
        }
        store(out, type, i, start + factor * sum);
    }
}

// The same over the differences that have the sign of the sum of votes. A vote is `first` times the
// difference, a contribution `second` times the vote; its weight goes into the divisor.
extern "C" __global__ void add_elected(
        const Operand* sources, int count, int base, const float* weights, int divides,
        float factor, void* out, int type, long long from, long long n) {
    FOR_EACH_ELEMENT(i, n) {
        float start = load(sources[base], i);
        float majority = 0;
        for (int s = 0; s < count; s++) {
            if (s != base) {
                majority = majority + sources[s].first * difference(sources[s], start, from, i);
            }
        }
        float sum = 0;
        float divisor = 0;
        for (int s = 0; s < count; s++) {
            if (s != base) {
                float x = sources[s].first * difference(sources[s], start, from, i);
                x = sources[s].second == 1.0f ? x : sources[s].second * x;
                float agreement = majority < 0 ? -x : x;
                if (!(agreement <= 0)) {
                    sum = sum + x;
                    divisor = divisor + weights[s];
                }
            }
        }
        if (divides != 0) {
            sum = sum / (divisor == 0 ? 1.0f : divisor);
        }
        store(out, type, i, start + factor * sum);
    }
}

// A weighted sum of the sources (or of the base and the differences from it, with `base` >= 0) with
// coefficients for each row (`columns` 0) or column: of source s the `vectors` from s * vectors on.
extern "C" __global__ void vector_sum(
        const Operand* sources, int count, int base, const float* coefficients, long long vectors,
        long long rowLength, int alongColumns, void* out, int type, long long n) {
    FOR_EACH_ELEMENT(i, n) {
        long long vector = alongColumns != 0 ? i % rowLength : i / rowLength;
        float start = base >= 0 ? load(sources[base], i) : 0.0f;
        float sum = start;
        for (int s = 0; s < count; s++) {
            if (s != base) {
                float x = load(sources[s], i);
                x = base >= 0 ? x - start : x;
                sum = sum + coefficients[s * vectors + vector] * x;
            }
        }
        store(out, type, i, sum);
    }
}

// As java.lang.Math, which passes on NaN.
__device__ __forceinline__ float larger(float a, float b) {
    return a != a ? a : a > b ? a : b;
}

__device__ __forceinline__ float smaller(float a, float b) {
    return a != a ? a : a < b ? a : b;
}

// From the base towards the other source by `t` over the distance, at most all of it.
extern "C" __global__ void near_swap(
        const Operand* sources, int base, float t, void* out, int type, long long n) {
    FOR_EACH_ELEMENT(i, n) {
        float start = load(sources[base], i);
        float change = load(sources[1 - base], i) - start;
        float share = t / larger(fabsf(change), 1e-6f);
        store(out, type, i, start + smaller(larger(share, 0.0f), 1.0f) * change);
    }
}

// Base plus the mean of the differences above `least` in size, or `first` times the only one.
extern "C" __global__ void contribution_mean(
        const Operand* sources, int count, int base, float least, void* out, int type,
        long long n) {
    FOR_EACH_ELEMENT(i, n) {
        float start = load(sources[base], i);
        float sum = 0;
        float sole = 0;
        float found = 0;
        for (int s = 0; s < count; s++) {
            if (s != base) {
                float x = load(sources[s], i) - start;
                if (!(fabsf(x) <= least)) {
                    sum = sum + x;
                    sole = sole + sources[s].first * x;
                    found = found + 1;
                }
            }
        }
        store(out, type, i, start + (found > 1 ? sum / found : sole));
    }
}

// The other source where its importance is at least `threshold` or NaN, else the base. `rows` are
// the factors of the chunk's rows.
extern "C" __global__ void take_over(
        const Operand* sources, int base, const float* rows, long long rowLength, float threshold,
        void* out, int type, long long n) {
    FOR_EACH_ELEMENT(i, n) {
        float start = load(sources[base], i);
        float other = load(sources[1 - base], i);
        float importance = fabsf(other - start) * rows[i / rowLength];
        store(out, type, i, importance < threshold ? start : other);
    }
}

// ---- Measures: one number for each element, of which the magnitude counts ----

// All NaNs are one magnitude, above infinity.
__device__ __forceinline__ unsigned magnitudeOf(float x) {
    unsigned magnitude = asBits(x) & MAGNITUDE;
    return magnitude < NAN_MAGNITUDE ? magnitude : NAN_MAGNITUDE;
}

extern "C" __global__ void measure_difference(
        const Operand* sources, int source, int base, float* out, long long n) {
    FOR_EACH_ELEMENT(i, n) {
        out[i] = load(sources[source], i) - load(sources[base], i);
    }
}

extern "C" __global__ void measure_variance(
        const Operand* sources, int count, int base, double share, float* out, long long n) {
    FOR_EACH_ELEMENT(i, n) {
        float start = load(sources[base], i);
        double mean = 0;
        for (int s = 0; s < count; s++) {
            if (s != base) {
                mean = mean + share * (double)(load(sources[s], i) - start);
            }
        }
        double squares = 0;
        for (int s = 0; s < count; s++) {
            if (s != base) {
                double distance = (double)(load(sources[s], i) - start) - mean;
                squares = squares + distance * distance;
            }
        }
        out[i] = (float)(share * squares);
    }
}

extern "C" __global__ void measure_importance(
        const Operand* sources, int base, const float* rows, long long rowLength, float* out,
        long long n) {
    FOR_EACH_ELEMENT(i, n) {
        float change = load(sources[1 - base], i) - load(sources[base], i);
        out[i] = fabsf(change) * rows[i / rowLength];
    }
}

// ---- Selection by the digits of magnitudes ----

static const int BINS = 2048;

// Counts the magnitudes whose bits under `prefixMask` are `prefix` by their bits from `shift` on.
extern "C" __global__ void count_digits(
        const float* values, unsigned prefixMask, unsigned prefix, int shift, unsigned* bins,
        long long n) {
    __shared__ unsigned own[BINS];
    for (int b = threadIdx.x; b < BINS; b += blockDim.x) {
        own[b] = 0;
    }
    __syncthreads();
    FOR_EACH_ELEMENT(i, n) {
        unsigned magnitude = magnitudeOf(values[i]);
        if ((magnitude & prefixMask) == prefix) {
            atomicAdd(&own[magnitude >> shift & BINS - 1], 1u);
        }
    }
    __syncthreads();
    for (int b = threadIdx.x; b < BINS; b += blockDim.x) {
        if (own[b] != 0) {
            atomicAdd(&bins[b], own[b]);
        }
    }
}

// The sum of `values` of the threads before this one; `total` that of all.
__device__ unsigned sumBefore(unsigned value, unsigned* shared, unsigned& total) {
    int t = threadIdx.x;
    shared[t] = value;
    __syncthreads();
    for (int step = 1; step < THREADS; step *= 2) {
        unsigned other = t >= step ? shared[t - step] : 0u;
        __syncthreads();
        shared[t] += other;
        __syncthreads();
    }
    total = shared[THREADS - 1];
    unsigned before = shared[t] - value;
    __syncthreads();
    return before;
}

// For each segment, how many magnitudes equal `magnitude`.
extern "C" __global__ void count_equal(
        const float* values, const Chunk* chunk, unsigned magnitude, unsigned* counts) {
    __shared__ unsigned shared[THREADS];
    long long begin, end;
    segmentRange(*chunk, blockIdx.x, begin, end);
    unsigned found = 0;
    for (long long i = begin + threadIdx.x; i < end; i += THREADS) {
        found += magnitudeOf(values[i]) == magnitude ? 1u : 0u;
    }
    unsigned total;
    sumBefore(found, shared, total);
    if (threadIdx.x == 0) {
        counts[blockIdx.x] = total;
    }
}

// Keeps the magnitudes above `magnitude` and of each segment the first `equalKept` equal ones;
// without `equalKept` all of them.
extern "C" __global__ void keep_largest(
        const float* values, const Chunk* chunk, unsigned magnitude, const unsigned* equalKept,
        byte* kept) {
    __shared__ unsigned shared[THREADS];
    const int EACH = 8;
    long long begin, end;
    segmentRange(*chunk, blockIdx.x, begin, end);
    if (equalKept == 0) {
        for (long long i = begin + threadIdx.x; i < end; i += THREADS) {
            kept[i] = magnitudeOf(values[i]) >= magnitude ? 1 : 0;
        }
        return;
    }
    unsigned budget = equalKept[blockIdx.x];
    unsigned seen = 0;
    for (long long at = begin; at < end; at += THREADS * EACH) {
        long long own = at + (long long)threadIdx.x * EACH;
        unsigned equal = 0;
        for (int e = 0; e < EACH && own + e < end; e++) {
            equal += magnitudeOf(values[own + e]) == magnitude ? 1u : 0u;
        }
        unsigned total;
        unsigned place = seen + sumBefore(equal, shared, total);
        for (int e = 0; e < EACH && own + e < end; e++) {
            unsigned m = magnitudeOf(values[own + e]);
            bool keep = m > magnitude;
            if (m == magnitude) {
                keep = place < budget;
                place++;
            }
            kept[own + e] = keep ? 1 : 0;
        }
        seen += total;
    }
}

// Keeps the elements whose bit is set: of element `from` + i bit (from + i) % 64 of a word.
extern "C" __global__ void keep_bits(
        const unsigned long long* words, byte* kept, long long from, long long n) {
    FOR_EACH_ELEMENT(i, n) {
        kept[i] = (byte)(words[(from + i >> 6) - (from >> 6)] >> (from + i & 63) & 1);
    }
}

extern "C" __global__ void keep_all(byte* kept, int value, long long n) {
    FOR_EACH_ELEMENT(i, n) {
        kept[i] = (byte)value;
    }
}

// Drops what `dropped` keeps.
extern "C" __global__ void drop_kept(byte* kept, const byte* dropped, long long n) {
    FOR_EACH_ELEMENT(i, n) {
        if (dropped[i] != 0) {
            kept[i] = 0;
        }
    }
}

// ---- Draws by rank ----

static const int SORTED = 256;
static const int DIGITS = 16;

struct RankedDraw {
    unsigned long long key;
    long long limit;
    long long step;
};

__device__ RankedDraw rankedDraw(
        unsigned long long key, double density, double epsilon, long long length) {
    RankedDraw ranked;
    double lowest = length == 1 ? density : density - epsilon;
    ranked.key = key;
    ranked.limit = (long long)(lowest * 0x1p62);
    double steps = (double)(length - 1 > 1 ? length - 1 : 1);
    ranked.step = (long long)(2 * epsilon / steps * 0x1p62);
    return ranked;
}

__device__ __forceinline__ byte keepsRank(
        const RankedDraw& ranked, long long element, long long rank) {
    long long drawn = (long long)draw(ranked.key, element) << 30;
    return drawn < ranked.limit + rank * ranked.step ? 1 : 0;
}

__device__ __forceinline__ unsigned changeBits(
        const Operand& source, const Operand& base, long long i) {
    return magnitudeOf(load(source, i) - load(base, i));
}

// Puts the counters of all threads' digits in order, so that they say where each thread's first
// element of a digit goes.
__device__ void placeDigits(unsigned (*counters)[THREADS], unsigned* shared) {
    unsigned* flat = &counters[0][0];
    int first = threadIdx.x * DIGITS;
    unsigned sum = 0;
    for (int d = 0; d < DIGITS; d++) {
        sum += flat[first + d];
    }
    unsigned total;
    unsigned before = sumBefore(sum, shared, total);
    for (int d = 0; d < DIGITS; d++) {
        unsigned count = flat[first + d];
        flat[first + d] = before;
        before += count;
    }
    __syncthreads();
}

// Keeps each element with a probability by the rank of its difference's magnitude in its run; the
// chunk's segments are the runs. Blocks take turns; each has 2 * `slot` numbers of `scratch`, which
// hold the places of a run's elements, sorted by the digits so far, below their other digits.
extern "C" __global__ void keep_ranked(
        const Operand* sources, int source, int base, const Chunk* chunk, unsigned long long key,
        double density, double epsilon, unsigned* scratch, long long slot, byte* kept) {
    __shared__ unsigned counters[DIGITS][THREADS];
    __shared__ unsigned shared[THREADS];
    const int t = threadIdx.x;
    for (long long run = blockIdx.x; run < chunk->segments; run += gridDim.x) {
        long long begin, end;
        segmentRange(*chunk, run, begin, end);
        const long long length = end - begin;
        const RankedDraw ranked = rankedDraw(key, density, epsilon, length);
        const long long element = chunk->from + begin;
        if (length <= SORTED) {
            unsigned own = t < length ? changeBits(sources[source], sources[base], begin + t) : 0u;
            shared[t] = own;
            __syncthreads();
            long long rank = 0;
            for (int other = 0; other < length; other++) {
                rank += shared[other] < own || (shared[other] == own && other < t) ? 1 : 0;
            }
            if (t < length) {
                kept[begin + t] = keepsRank(ranked, element + t, rank);
            }
            __syncthreads();
            continue;
        }
        const long long each = (length + THREADS - 1) / THREADS;
        const long long from = t * each < length ? t * each : length;
        const long long to = from + each < length ? from + each : length;
        unsigned* in = scratch + blockIdx.x * 2 * slot;
        unsigned* out = in + slot;
        for (int pass = 0; pass < 4; pass++) {
            const int shift = 16 + 4 * pass;
            for (int d = 0; d < DIGITS; d++) {
                counters[d][t] = 0;
            }
            for (long long i = from; i < to; i++) {
                unsigned digits = pass == 0
                        ? changeBits(sources[source], sources[base], begin + i) >> 16
                        : in[i] >> shift;
                counters[digits & DIGITS - 1][t]++;
            }
            __syncthreads();
            placeDigits(counters, shared);
            for (long long i = from; i < to; i++) {
                if (pass == 0) {
                    unsigned digits =
                            changeBits(sources[source], sources[base], begin + i) >> 16;
                    unsigned place = counters[digits & DIGITS - 1][t]++;
                    out[place] = digits >> 4 << 20 | (unsigned)i;
                } else {
                    unsigned entry = in[i];
                    unsigned place = counters[entry >> shift & DIGITS - 1][t]++;
                    if (pass < 3) {
                        out[place] = entry;
                    } else {
                        long long i = entry & RUN - 1;
                        kept[begin + i] = keepsRank(ranked, element + i, place);
                    }
                }
            }
            __syncthreads();
            unsigned* swapped = in;
            in = out;
            out = swapped;
        }
    }
}

// ---- Sums ----

// The sum over all threads of a block, by halves.
__device__ double blockSum(double value, double* shared) {
    shared[threadIdx.x] = value;
    __syncthreads();
    for (int half = THREADS / 2; half > 0; half /= 2) {
        if (threadIdx.x < half) {
            shared[threadIdx.x] += shared[threadIdx.x + half];
        }
        __syncthreads();
    }
    double sum = shared[0];
    __syncthreads();
    return sum;
}

// The dot products of pairs of sources, or of their differences from the base, by segment and pair.
extern "C" __global__ void dot_products(
        const Operand* sources, int base, const int* pairs, const Chunk* chunk, double* sums) {
    __shared__ double shared[THREADS];
    const Operand a = sources[pairs[2 * blockIdx.y]];
    const Operand b = sources[pairs[2 * blockIdx.y + 1]];
    long long begin, end;
    segmentRange(*chunk, blockIdx.x, begin, end);
    double sum = 0;
    for (long long i = begin + threadIdx.x; i < end; i += THREADS) {
        float start = base >= 0 ? load(sources[base], i) : 0.0f;
        float x = load(a, i);
        float y = load(b, i);
        x = base >= 0 ? x - start : x;
        y = base >= 0 ? y - start : y;
        sum = sum + (double)x * (double)y;
    }
    double total = blockSum(sum, shared);
    if (threadIdx.x == 0) {
        sums[(long long)blockIdx.x * gridDim.y + blockIdx.y] = total;
    }
}

// Adds the dot products of each column's elements in this chunk of whole rows to `sums`, by pair and
// column.
extern "C" __global__ void column_products(
        const Operand* sources, int base, const int* pairs, long long columns, double* sums,
        long long n) {
    const Operand a = sources[pairs[2 * blockIdx.y]];
    const Operand b = sources[pairs[2 * blockIdx.y + 1]];
    FOR_EACH_ELEMENT(column, columns) {
        double sum = sums[blockIdx.y * columns + column];
        for (long long i = column; i < n; i += columns) {
            float start = base >= 0 ? load(sources[base], i) : 0.0f;
            float x = load(a, i);
            float y = load(b, i);
            x = base >= 0 ? x - start : x;
            y = base >= 0 ? y - start : y;
            sum = sum + (double)x * (double)y;
        }
        sums[blockIdx.y * columns + column] = sum;
    }
}

// By segment and source: the sum of the magnitudes of all its differences, then of those that its
// mask keeps, then of the squares of these.
extern "C" __global__ void masked_sums(
        const Operand* sources, int base, const Chunk* chunk, double* sums) {
    __shared__ double shared[THREADS];
    const int source = blockIdx.y;
    long long begin, end;
    segmentRange(*chunk, blockIdx.x, begin, end);
    double all = 0;
    double kept = 0;
    double squares = 0;
    for (long long i = begin + threadIdx.x; i < end; i += THREADS) {
        float x = load(sources[source], i) - load(sources[base], i);
        all = all + fabs((double)x);
        if (keeps(sources[source], chunk->from, i)) {
            kept = kept + fabs((double)x);
            squares = squares + (double)x * (double)x;
        }
    }
    double* mine = sums + ((long long)blockIdx.x * gridDim.y + source) * 3;
    double total = blockSum(all, shared);
    double keptTotal = blockSum(kept, shared);
    double squareTotal = blockSum(squares, shared);
    if (threadIdx.x == 0) {
        mine[0] = total;
        mine[1] = keptTotal;
        mine[2] = squareTotal;
    }
}

// By segment and source: at how many elements its difference alone is above `least` in size, and at
// how many it is together with others.
extern "C" __global__ void count_contributions(
        const Operand* sources, int count, int base, float least, const Chunk* chunk,
        unsigned* counts) {
    __shared__ unsigned shared[THREADS];
    const int source = blockIdx.y;
    long long begin, end;
    segmentRange(*chunk, blockIdx.x, begin, end);
    unsigned sole = 0;
    unsigned joint = 0;
    for (long long i = begin + threadIdx.x; i < end; i += THREADS) {
        float start = load(sources[base], i);
        if (!(fabsf(load(sources[source], i) - start) <= least)) {
            bool others = false;
            for (int s = 0; s < count && !others; s++) {
                others = s != base && s != source
                        && !(fabsf(load(sources[s], i) - start) <= least);
            }
            sole += others ? 0u : 1u;
            joint += others ? 1u : 0u;
        }
    }
    unsigned soleTotal, jointTotal;
    sumBefore(sole, shared, soleTotal);
    sumBefore(joint, shared, jointTotal);
    if (threadIdx.x == 0) {
        unsigned* mine = counts + ((long long)blockIdx.x * gridDim.y + source) * 2;
        mine[0] = soleTotal;
        mine[1] = jointTotal;
    }
}

// ---- Divergence of rows ----

static const float LOG2_E = 1.44269504f;
static const float LN2_HIGH = 0x1.62e4p-1f;
static const float LN2_LOW = 0x1.7f7d1cp-20f;
static const float ROUNDING = 0x1.8p23f;
static const float MAX_EXPONENT = 86;

__device__ __forceinline__ float heldExponent(float x) {
    return smaller(larger(x, -MAX_EXPONENT), MAX_EXPONENT);
}

__device__ __forceinline__ float exponentPower(float rounded) {
    int count = (int)asBits(rounded) - (int)asBits(ROUNDING);
    return asFloat((unsigned)(count + 127) << 23);
}

// e^r - 1 for what is left of `x` after `count` times ln 2.
__device__ __forceinline__ float reducedExponential(float x, float count) {
    float r = x - count * LN2_HIGH - count * LN2_LOW;
    float p = ((((1 / 5040.0f * r + 1 / 720.0f) * r + 1 / 120.0f) * r + 1 / 24.0f) * r + 1 / 6.0f)
            * r + 0.5f;
    return r * r * p + r;
}

__device__ __forceinline__ float exponential(float x) {
    float held = heldExponent(x);
    float rounded = held * LOG2_E + ROUNDING;
    float power = exponentPower(rounded);
    return power * reducedExponential(held, rounded - ROUNDING) + power;
}

__device__ __forceinline__ float exponentialMinusOne(float x) {
    float held = heldExponent(x);
    float rounded = held * LOG2_E + ROUNDING;
    float power = exponentPower(rounded);
    return power * reducedExponential(held, rounded - ROUNDING) + (power - 1);
}

// For each segment, which is a row: the sums of w, w (e^d - 1) and w e^d d, with w = e^base over its
// largest and d the difference of the other source.
extern "C" __global__ void tilted_sums(
        const Operand* sources, int base, const Chunk* chunk, double* sums) {
    __shared__ double shared[THREADS];
    long long begin, end;
    segmentRange(*chunk, blockIdx.x, begin, end);
    float own = asFloat(0xff800000u);
    for (long long i = begin + threadIdx.x; i < end; i += THREADS) {
        float x = load(sources[base], i);
        own = x > own ? x : own;
    }
    shared[threadIdx.x] = own;
    __syncthreads();
    for (int half = THREADS / 2; half > 0; half /= 2) {
        if (threadIdx.x < half && shared[threadIdx.x + half] > shared[threadIdx.x]) {
            shared[threadIdx.x] = shared[threadIdx.x + half];
        }
        __syncthreads();
    }
    const float shift = (float)shared[0];
    __syncthreads();
    double weights = 0;
    double growths = 0;
    double tilted = 0;
    for (long long i = begin + threadIdx.x; i < end; i += THREADS) {
        float start = load(sources[base], i);
        float change = load(sources[1 - base], i) - start;
        double weight = exponential(start - shift);
        double grown = weight * (double)exponentialMinusOne(change);
        weights = weights + weight;
        growths = growths + grown;
        tilted = tilted + (weight + grown) * (double)change;
    }
    double weightSum = blockSum(weights, shared);
    double growthSum = blockSum(growths, shared);
    double tiltedSum = blockSum(tilted, shared);
    if (threadIdx.x == 0) {
        sums[3 * (long long)blockIdx.x] = weightSum;
        sums[3 * (long long)blockIdx.x + 1] = growthSum;
        sums[3 * (long long)blockIdx.x + 2] = tiltedSum;
    }
}

// ---- Matrix products ----
//
// Matrices are float64, row by row, without gaps. A block computes a tile of the product, each thread
// EACH x EACH of its elements, and sums along the inner dimension in ascending order: the result does
// not depend on the GPU. The products use fused multiply-adds, named as such, since there is no CPU
// kernel with the same bits.

static const int SIDE = 16;          // threads of a block along a side of the tile
static const int EACH = 8;
static const int TILE = SIDE * EACH;
static const int DEPTH = 16;         // of a step along the inner dimension
static const int LOADS = TILE * DEPTH / THREADS;
// Two more elements for each row, so that stores of a column go to different banks.
static const int PITCH = TILE + 2;

// What thread t loads of a tile: elements (TILE, DEPTH) of a matrix whose rows are `inner` long, from
// row `first` and column `k` on; 0 outside.
__device__ __forceinline__ void loadRows(
        const double* matrix, long long rows, long long inner, long long first, long long k,
        double (&values)[LOADS]) {
    const int t = threadIdx.x;
    const long long column = k + t % DEPTH;
#pragma unroll
    for (int i = 0; i < LOADS; i++) {
        long long row = first + t / DEPTH + i * (THREADS / DEPTH);
        values[i] = row < rows && column < inner ? matrix[row * inner + column] : 0.0;
    }
}

__device__ __forceinline__ void storeRows(const double (&values)[LOADS], double* tile) {
    const int t = threadIdx.x;
#pragma unroll
    for (int i = 0; i < LOADS; i++) {
        tile[t % DEPTH * PITCH + t / DEPTH + i * (THREADS / DEPTH)] = values[i];
    }
}

// The same for elements (DEPTH, TILE) of a matrix whose rows are `columns` long.
__device__ __forceinline__ void loadColumns(
        const double* matrix, long long inner, long long columns, long long k, long long first,
        double (&values)[LOADS]) {
    const int t = threadIdx.x;
    const long long column = first + t % TILE;
#pragma unroll
    for (int i = 0; i < LOADS; i++) {
        long long row = k + t / TILE + i * (THREADS / TILE);
        values[i] = row < inner && column < columns ? matrix[row * columns + column] : 0.0;
    }
}

__device__ __forceinline__ void storeColumns(const double (&values)[LOADS], double* tile) {
    const int t = threadIdx.x;
#pragma unroll
    for (int i = 0; i < LOADS; i++) {
        tile[(t / TILE + i * (THREADS / TILE)) * PITCH + t % TILE] = values[i];
    }
}

// Where a thread's i-th element of EACH is: pairs, so that neighbours read neighbouring pairs.
__device__ __forceinline__ int inTile(int thread, int i) {
    return i / 2 * (2 * SIDE) + 2 * thread + i % 2;
}

// out = factor a b + addedFactor added + diagonal I, with b's transpose if TRANSPOSED. If the result
// is known to be symmetric, only its lower half is computed and the upper half is its mirror image.
// `out` is none of the others; `added` may be null.
template <bool TRANSPOSED>
__device__ __forceinline__ void multiply(
        const double* a, const double* b, const double* added, double* out, long long rows,
        long long columns, long long inner, double factor, double addedFactor, double diagonal,
        int symmetric) {
    __shared__ double2 sharedA[DEPTH * PITCH / 2];
    __shared__ double2 sharedB[DEPTH * PITCH / 2];
    const long long firstRow = (long long)blockIdx.y * TILE;
    const long long firstColumn = (long long)blockIdx.x * TILE;
    if (symmetric != 0 && firstColumn > firstRow) {
        return;
    }
    const int threadRow = threadIdx.x / SIDE;
    const int threadColumn = threadIdx.x % SIDE;
    double sums[EACH][EACH];
#pragma unroll
    for (int i = 0; i < EACH; i++) {
#pragma unroll
        for (int j = 0; j < EACH; j++) {
            sums[i][j] = 0;
        }
    }
    double nextA[LOADS];
    double nextB[LOADS];
    for (long long k = -DEPTH; k < inner; k += DEPTH) {
        // While this step is computed, the next one is on its way from memory.
        if (k + DEPTH < inner) {
            loadRows(a, rows, inner, firstRow, k + DEPTH, nextA);
            if (TRANSPOSED) {
                loadRows(b, columns, inner, firstColumn, k + DEPTH, nextB);
            } else {
                loadColumns(b, inner, columns, k + DEPTH, firstColumn, nextB);
            }
        }
        if (k >= 0) {
// Unrolled further, it would be no faster and take longer to compile.
#pragma unroll 4
            for (int d = 0; d < DEPTH; d++) {
                double2 x[EACH / 2];
                double2 y[EACH / 2];
#pragma unroll
                for (int i = 0; i < EACH / 2; i++) {
                    x[i] = sharedA[d * (PITCH / 2) + i * SIDE + threadRow];
                    y[i] = sharedB[d * (PITCH / 2) + i * SIDE + threadColumn];
                }
#pragma unroll
                for (int i = 0; i < EACH / 2; i++) {
#pragma unroll
                    for (int j = 0; j < EACH / 2; j++) {
                        double* top = &sums[2 * i][2 * j];
                        double* bottom = &sums[2 * i + 1][2 * j];
                        top[0] = __fma_rn(x[i].x, y[j].x, top[0]);
                        top[1] = __fma_rn(x[i].x, y[j].y, top[1]);
                        bottom[0] = __fma_rn(x[i].y, y[j].x, bottom[0]);
                        bottom[1] = __fma_rn(x[i].y, y[j].y, bottom[1]);
                    }
                }
            }
        }
        __syncthreads();
        if (k + DEPTH < inner) {
            storeRows(nextA, (double*)sharedA);
            if (TRANSPOSED) {
                storeRows(nextB, (double*)sharedB);
            } else {
                storeColumns(nextB, (double*)sharedB);
            }
        }
        __syncthreads();
    }
#pragma unroll
    for (int i = 0; i < EACH; i++) {
        long long row = firstRow + inTile(threadRow, i);
#pragma unroll
        for (int j = 0; j < EACH; j++) {
            long long column = firstColumn + inTile(threadColumn, j);
            if (row < rows && column < columns && (symmetric == 0 || column <= row)) {
                double value = factor * sums[i][j];
                if (added != nullptr) {
                    value = value + addedFactor * added[row * columns + column];
                }
                if (row == column) {
                    value = value + diagonal;
                }
                out[row * columns + column] = value;
                if (symmetric != 0) {
                    out[column * columns + row] = value;
                }
            }
        }
    }
}

// a (rows, inner) times b (inner, columns).
extern "C" __global__ void __launch_bounds__(THREADS) product(
        const double* a, const double* b, const double* added, double* out, long long rows,
        long long columns, long long inner, double factor, double addedFactor, double diagonal,
        int symmetric) {
    multiply<false>(
            a, b, added, out, rows, columns, inner, factor, addedFactor, diagonal, symmetric);
}

// a (rows, inner) times the transpose of b (columns, inner).
extern "C" __global__ void __launch_bounds__(THREADS) product_transposed(
        const double* a, const double* b, const double* added, double* out, long long rows,
        long long columns, long long inner, double factor, double addedFactor, double diagonal,
        int symmetric) {
    multiply<true>(
            a, b, added, out, rows, columns, inner, factor, addedFactor, diagonal, symmetric);
}

// `out`, of `rows` rows, or its transpose from float32 numbers.
extern "C" __global__ void widen_matrix(
        const float* in, double* out, long long rows, long long columns, int transposed) {
    FOR_EACH_ELEMENT(i, rows * columns) {
        out[i] = transposed != 0 ? in[i % columns * rows + i / columns] : in[i];
    }
}

// `in`, of `rows` rows, or its transpose as float32 numbers.
extern "C" __global__ void narrow_matrix(
        const double* in, float* out, long long rows, long long columns, int transposed) {
    FOR_EACH_ELEMENT(i, rows * columns) {
        out[i] = (float)(transposed != 0 ? in[i % rows * columns + i / rows] : in[i]);
    }
}

// The sum of the squares of each row; a block for each.
extern "C" __global__ void row_squares(const double* matrix, long long columns, double* sums) {
    __shared__ double shared[THREADS];
    double sum = 0;
    for (long long i = threadIdx.x; i < columns; i += THREADS) {
        double x = matrix[blockIdx.x * columns + i];
        sum = sum + x * x;
    }
    double total = blockSum(sum, shared);
    if (threadIdx.x == 0) {
        sums[blockIdx.x] = total;
    }
}
