package jmergekit.engine;

import java.util.Collection;
import java.util.List;

/// What was found in tensors while they were made.
///
/// @param nonFinite tensors with NaN or infinity in them or in their inputs
/// @param quantised the quantisation errors of quantised tensors
/// @param truncated how much the ranks of factors cut off
public record Findings(
        List<NonFiniteTensor> nonFinite,
        List<QuantisationError> quantised,
        List<Truncation> truncated) {
    static final Findings NONE = new Findings(List.of(), List.of(), List.of());

    public Findings {
        nonFinite = List.copyOf(nonFinite);
        quantised = List.copyOf(quantised);
        truncated = List.copyOf(truncated);
    }

    static Findings of(Collection<Findings> all) {
        return new Findings(
                all.stream().flatMap(f -> f.nonFinite.stream()).toList(),
                all.stream().flatMap(f -> f.quantised.stream()).toList(),
                all.stream().flatMap(f -> f.truncated.stream()).toList());
    }
}
