package jmergekit.source;

import java.lang.foreign.MemorySegment;
import java.util.Optional;
import jmergekit.primitive.SourceTensor;
import jmergekit.tensor.DType;
import jmergekit.tile.CounterRandom;

/// A source of standard normal numbers: element `i` is a function of the key and `i`, by the
/// [draws][CounterRandom] of that element.
///
/// @param key by [CounterRandom#key]
public record NormalNoise(long key, long elements) implements SourceTensor {
    @Override
    public DType dtype() {
        return DType.F32;
    }

    @Override
    public void read(long from, int n, float[] into) {
        for (int i = 0; i < n; i++) {
            into[i] = (float) NormalQuantile.of(CounterRandom.uniform(key, from + i));
        }
    }

    @Override
    public Optional<MemorySegment> bytes() {
        return Optional.empty();
    }
}
