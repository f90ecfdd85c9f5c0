package jmergekit.planner;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import jmergekit.tensor.DType;
import jmergekit.weights.Checkpoint;
import jmergekit.weights.TensorLocation;

/// The names that quantised checkpoints give the scales of their tensors.
///
/// Source: checkpoints of the compressed-tensors and fine-grained FP8 layouts.
public final class QuantisedNames {
    /// The replacements for each ending that give the name of the scaled tensor.
    private static final Map<String, String> ENDINGS = new LinkedHashMap<>();

    static {
        ENDINGS.put("_scale_inv", "");
        ENDINGS.put(".input_scale_ub", ".weight");
        ENDINGS.put(".input_scale", ".weight");
        ENDINGS.put(".scale", ".weight");
        ENDINGS.put("_scale_2", "");
        ENDINGS.put("_scale", "");
    }

    private static final String WEIGHT = ".weight";

    private QuantisedNames() {}

    /// Whether a tensor of this name scales another one.
    static boolean isScale(String name) {
        return !scaledBy(name).isEmpty();
    }

    /// The names of tensors that a tensor of this name may scale.
    public static List<String> scaledBy(String name) {
        return ENDINGS.entrySet().stream()
                .filter(e -> name.endsWith(e.getKey()))
                .map(e -> name.substring(0, name.length() - e.getKey().length()) + e.getValue())
                .toList();
    }

    /// Whether a tensor belongs to an FP8 tensor of the same checkpoint.
    static boolean scales(Checkpoint checkpoint, String name) {
        return scaledBy(name).stream()
                .flatMap(n -> checkpoint.find(n).stream())
                .anyMatch(l -> isFloat8(l.entry().spec().dtype()));
    }

    /// The possible names of a tensor's scales, including activation scales: all of them are
    /// dropped when the tensor is multiplied by its own scale.
    static List<String> scaleNames(String name) {
        List<String> names = new ArrayList<>();
        ENDINGS.forEach((ending, scaled) -> {
            if (name.endsWith(scaled)) {
                names.add(name.substring(0, name.length() - scaled.length()) + ending);
            }
        });
        return names;
    }

    /// The scale of a tensor, if the checkpoint has one.
    static Optional<TensorLocation> scaleOf(Checkpoint checkpoint, String name) {
        Stream<String> names = Stream.of(name + "_scale_inv", name + "_scale");
        Stream<String> beside =
                name.endsWith(WEIGHT)
                        ? Stream.of(name.substring(0, name.length() - WEIGHT.length()) + ".scale")
                        : Stream.empty();
        return Stream.concat(names, beside).flatMap(n -> checkpoint.find(n).stream()).findFirst();
    }

    static boolean isFloat8(DType dtype) {
        return dtype.isFloat() && dtype.bytes() == 1;
    }
}
