package jmergekit.compare;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// A comparison of a tensor that all models have.
///
/// @param name its name in the reference
/// @param module the module that its layer belongs to, or that it is next to; `default` in most
///     models
/// @param layer empty outside the layers
/// @param part its name after the layer's number, such as `mlp.up_proj.weight`; the whole name
///     outside the layers
/// @param dtypes the stored dtypes of the versions
/// @param shapes the shapes of the versions; if they differ, only rows that all versions have are
///     compared
/// @param isIdentical for each version, whether its bytes and dtype equal the reference's
/// @param spectra the spectra of the changes, by version; empty for the reference and for tensors
///     that are not matrices
/// @param rows row changes by version, for an embedding table
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
