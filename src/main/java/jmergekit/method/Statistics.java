package jmergekit.method;

import java.util.List;
import java.util.Optional;
import jmergekit.arch.LayerName;

/// What a [PreparedMethod] measured of the tensors of a group, in the order of the plan.
public record Statistics(List<Measurement> measurements) {
    /// The statistics for a method that measures nothing, or before it has measured anything.
    public static final Statistics NONE = new Statistics(List.of());

    public Statistics {
        measurements = List.copyOf(measurements);
    }

    /// What was measured of one tensor.
    public record Measurement(String tensor, double[] values) {}

    /// The group of the tensors of one layer: `model.layers.7`. A tensor outside the layers is its
    /// own group.
    public static String layerOf(String tensor) {
        return LayerName.of(tensor).orElse(tensor);
    }

    /// The measurement of a tensor, if it is in the group.
    public Optional<double[]> of(String tensor) {
        return measurements.stream()
                .filter(m -> m.tensor().equals(tensor))
                .map(Measurement::values)
                .findFirst();
    }

    /// The sums over the tensors, value by value and in the order of the plan, so that every run
    /// gives the same sums. All tensors have the same number of values.
    public double[] sums() {
        double[] sums =
                measurements.isEmpty()
                        ? new double[0]
                        : new double[measurements.getFirst().values().length];
        for (Measurement measurement : measurements) {
            if (measurement.values().length != sums.length) {
                throw new IllegalStateException(
                        "%d values measured of tensor '%s' and %d of others"
                                .formatted(
                                        measurement.values().length,
                                        measurement.tensor(),
                                        sums.length));
            }
            for (int i = 0; i < sums.length; i++) {
                sums[i] += measurement.values()[i];
            }
        }
        return sums;
    }

    /// The means over the tensors, with equal weight for each tensor.
    public double[] means() {
        double[] means = sums();
        for (int i = 0; i < means.length; i++) {
            means[i] /= measurements.size();
        }
        return means;
    }
}
