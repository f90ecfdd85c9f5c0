package jmergekit.report;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.stream.IntStream;
import jmergekit.compare.ModelDifference;
import jmergekit.problem.Printable;

/// Compared models with their display names.
///
/// @param difference what was measured
/// @param names short unique names, in the order of the models
record DiffModels(ModelDifference difference, List<String> names) {
    private static final int NAME = 32;

    DiffModels {
        names = List.copyOf(names);
    }

    static DiffModels of(ModelDifference difference) {
        List<String> models = difference.models();
        ModelNames brief = new ModelNames(models);
        List<String> ends = models.stream().map(m -> Printable.within(brief.of(m), NAME)).toList();
        if (new HashSet<>(ends).size() == models.size()) {
            return new DiffModels(difference, ends);
        }
        List<String> numbered = new ArrayList<>();
        for (int i = 0; i < models.size(); i++) {
            numbered.add(i + ": " + Printable.within(models.get(i), NAME));
        }
        return new DiffModels(difference, numbered);
    }

    String name(int model) {
        return names.get(model);
    }

    /// The models that are compared with the reference.
    List<Integer> versions() {
        return IntStream.range(1, names.size()).boxed().toList();
    }

    /// The role of the reference.
    String reference() {
        return difference.hasBase() ? "base" : "first model";
    }

    /// Whether there are at least two models with changes from a base to compare.
    boolean hasPairs() {
        return difference.hasBase() && names.size() > 2;
    }

    /// All pairs of [#versions].
    List<Pair> pairs() {
        return Pair.from(1, names);
    }

    /// The name of a part without the suffix that all parts share.
    static String part(String part) {
        boolean hasEnd = part.endsWith(".weight") && part.length() > ".weight".length();
        return hasEnd ? part.substring(0, part.length() - ".weight".length()) : part;
    }

    long identical(int model) {
        return difference.tensors().stream().filter(t -> t.isIdentical().get(model)).count();
    }
}
