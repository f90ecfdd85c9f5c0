package jmergekit.engine;

import java.util.Collection;
import java.util.List;

/// What is found of tensors while they are made.
///
/// @param nonFinite those that are not all finite, or made of one that is not
/// @param quantised how exact those are that are quantised
public record Findings(List<NonFiniteTensor> nonFinite, List<QuantisationError> quantised) {
    static final Findings NONE = new Findings(List.of(), List.of());

    public Findings {
        nonFinite = List.copyOf(nonFinite);
        quantised = List.copyOf(quantised);
    }

    static Findings of(Collection<Findings> all) {
        return new Findings(
                all.stream().flatMap(f -> f.nonFinite.stream()).toList(),
                all.stream().flatMap(f -> f.quantised.stream()).toList());
    }
}
