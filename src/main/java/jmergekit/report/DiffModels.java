package jmergekit.report;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import jmergekit.compare.ModelDifference;
import jmergekit.compare.TensorDifference;
import jmergekit.problem.Printable;

/// Compared models as outputs speak of them.
///
/// @param difference what was measured
/// @param names short ones that tell them apart, in the order of the models
record DiffModels(ModelDifference difference, List<String> names) {
    private static final int NAME = 32;

    DiffModels {
        names = List.copyOf(names);
    }

    static DiffModels of(ModelDifference difference) {
        List<String> models = difference.models();
        List<String> ends = models.stream().map(m -> Printable.within(end(m), NAME)).toList();
        if (new HashSet<>(ends).size() == models.size()) {
            return new DiffModels(difference, ends);
        }
        List<String> numbered = new ArrayList<>();
        for (int i = 0; i < models.size(); i++) {
            numbered.add(i + ": " + Printable.within(models.get(i), NAME));
        }
        return new DiffModels(difference, numbered);
    }

    /// The last part of a path or of a name in a hub.
    private static String end(String model) {
        String trimmed = model.replaceFirst("[/\\\\]+$", "");
        String last = trimmed.replaceFirst("(?s)^.*[/\\\\](?=[^/\\\\]+$)", "");
        return last.isEmpty() ? model : last;
    }

    String name(int model) {
        return names.get(model);
    }

    /// The models that are compared with the reference.
    List<Integer> versions() {
        return IntStream.range(1, names.size()).boxed().toList();
    }

    /// What the reference is.
    String reference() {
        return difference.hasBase() ? "base" : "first model";
    }

    /// Whether there are changes from a base of at least two models, which can be compared.
    boolean hasPairs() {
        return difference.hasBase() && names.size() > 2;
    }

    /// Every two of [#versions].
    List<int[]> pairs() {
        List<int[]> pairs = new ArrayList<>();
        for (int i = 1; i < names.size(); i++) {
            for (int j = i + 1; j < names.size(); j++) {
                pairs.add(new int[] {i, j});
            }
        }
        return pairs;
    }

    List<String> modules() {
        return difference.tensors().stream()
                .filter(t -> t.layer().isPresent())
                .map(TensorDifference::module)
                .distinct()
                .toList();
    }

    /// Where a tensor is, for people: `layer 3, mlp.up_proj`.
    static String place(TensorDifference tensor) {
        OptionalInt layer = tensor.layer();
        String part = part(tensor.part());
        return layer.isEmpty() ? part : "layer " + layer.getAsInt() + ", " + part;
    }

    /// A part of a layer without what all have at their end.
    static String part(String part) {
        boolean hasEnd = part.endsWith(".weight") && part.length() > ".weight".length();
        return hasEnd ? part.substring(0, part.length() - ".weight".length()) : part;
    }

    long identical(int model) {
        return difference.tensors().stream().filter(t -> t.isIdentical().get(model)).count();
    }
}
