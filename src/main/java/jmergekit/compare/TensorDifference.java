package jmergekit.compare;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// A tensor that all models have, compared.
///
/// @param name as the reference calls it
/// @param module that its layer belongs to, or that it lies beside; `default` in most models
/// @param layer empty outside the layers
/// @param part its name after the layer's number, as in `mlp.up_proj.weight`; the whole name outside layers
/// @param dtypes in which the versions are stored
/// @param shapes of the versions; where they differ, the rows that all have are compared
/// @param isIdentical for each version, whether its bytes and dtype are the reference's
/// @param spectra of the changes, by version; empty for the reference and for what is no matrix
/// @param rows by version, for a table of tokens
public record TensorDifference(
        String name,
        String module,
        OptionalInt layer,
        String part,
        List<String> dtypes,
        List<List<Long>> shapes,
        List<Boolean> isIdentical,
        Sums sums,
        List<Optional<Spectrum>> spectra,
        List<Optional<TokenRows>> rows) {
    public TensorDifference {
        dtypes = List.copyOf(dtypes);
        shapes = List.copyOf(shapes);
        isIdentical = List.copyOf(isIdentical);
        spectra = List.copyOf(spectra);
        rows = List.copyOf(rows);
    }
}
