package jmergekit.method;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import jmergekit.fixture.ArrayPrimitives;
import jmergekit.primitive.Primitives;
import jmergekit.tensor.Shape;
import org.assertj.core.data.Offset;
import org.jspecify.annotations.Nullable;

/// One tensor, its sources and parameter values for a merge method, as a plan would give them:
/// parameters that are not set have their defaults.
final class MergeCase {
    /// Where whole tiles of the primitives end, and beyond.
    static final int[] SIZES = {1, 4095, 4096, 4097, 10_000};

    private final MergeMethod method;
    private final List<float[]> sources = new ArrayList<>();
    private final List<float[]> statistics = new ArrayList<>();
    private final List<Map<String, Value>> perSource = new ArrayList<>();
    private final Map<String, Value> global = new HashMap<>();
    private int base = Primitives.NO_BASE;
    private @Nullable Shape shape;
    private long seed;
    private String name = "x";

    MergeCase(MergeMethod method) {
        this.method = method;
        for (Param param : method.info().params()) {
            if (!param.perModel() && !param.required()) {
                global.put(param.name(), param.defaultValue().orElseThrow());
            }
        }
    }

    MergeCase base(float... values) {
        base = sources.size();
        sources.add(values);
        perSource.add(Map.of());
        return this;
    }

    MergeCase model(Map<String, Double> parameters, float... values) {
        Map<String, Value> all = new HashMap<>();
        for (Param param : method.info().params()) {
            if (param.perModel() && !param.required()) {
                all.put(param.name(), param.defaultValue().orElseThrow());
            }
        }
        all.putAll(Parameters.values(parameters));
        sources.add(values);
        perSource.add(all);
        return this;
    }

    MergeCase model(float... values) {
        return model(Map.of(), values);
    }

    /// Statistics of the first source without any.
    MergeCase statistics(float... values) {
        statistics.add(values);
        return this;
    }

    MergeCase set(String parameter, double value) {
        return set(parameter, Value.of(value));
    }

    MergeCase set(String parameter, Value value) {
        global.put(parameter, value);
        return this;
    }

    /// The tensor's shape, instead of a vector of all elements.
    MergeCase shape(long... sizes) {
        shape = Shape.of(sizes);
        return this;
    }

    /// The tensor's name, for methods that treat the matrices of layers differently.
    MergeCase named(String tensor) {
        name = tensor;
        return this;
    }

    MergeCase seed(long value) {
        seed = value;
        return this;
    }

    MergeInput input() {
        List<Integer> models = IntStream.range(0, sources.size()).boxed().toList();
        return new MergeInput(name, shape(), models, base, seed, new Parameters(global, perSource));
    }

    private Shape shape() {
        return shape == null ? Shape.of(sources.getFirst().length) : shape;
    }

    Optional<String> violation() {
        return method.violation(input());
    }

    long memory() {
        return method.memory(input());
    }

    /// The merged tensor in float32.
    float[] merge() {
        ArrayPrimitives arrays =
                new ArrayPrimitives(shape(), base, statistics, sources.toArray(float[][]::new));
        method.merge(input(), arrays.primitives());
        return arrays.result();
    }

    /// Multiples of 1/1024 up to 4 in size. Differences of two, and their sums with weights of few
    /// bits, are exact in float32, and many magnitudes are equal.
    static float[] random(long seed, int size) {
        Random random = new Random(seed);
        float[] values = new float[size];
        for (int i = 0; i < size; i++) {
            values[i] = (random.nextInt(8193) - 4096) / 1024f;
        }
        return values;
    }

    /// For sums of at most four products of values up to 32 in size: eight float32 roundings, each
    /// half a unit in the last of 24 bits.
    static Offset<Float> rounding() {
        return Offset.offset(8 * 32 * 0x1p-24f);
    }

    /// The first elements that are not as expected within [#rounding]; quicker than AssertJ's
    /// comparison of whole arrays, which takes minutes for large ones.
    static List<String> differing(float[] merged, double[] expected) {
        return IntStream.range(0, expected.length)
                .filter(i -> !(Math.abs(merged[i] - expected[i]) <= rounding().value))
                .limit(3)
                .mapToObj(i -> i + ": " + merged[i] + " instead of " + expected[i])
                .toList();
    }

    static float[] floats(double... values) {
        float[] floats = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            floats[i] = (float) values[i];
        }
        return floats;
    }
}
