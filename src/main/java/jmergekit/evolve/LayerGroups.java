package jmergekit.evolve;

import java.util.Optional;
import java.util.OptionalInt;
import jmergekit.config.GenomeConfig;
import jmergekit.config.Located;
import jmergekit.problem.Problem;
import jmergekit.problem.Problems;

/// Consecutive groups of layers of equal size.
///
/// @param layers number of all layers
/// @param size number of layers of a group
record LayerGroups(int layers, int size) {
    /// More would give a space too large to search, and huge recipes.
    private static final int MOST = 10_000;

    /// The groups of a genome, or empty after adding a problem.
    static Optional<LayerGroups> of(GenomeConfig genome, LayerCount count, Problems problems) {
        OptionalInt layers = count.of(genome.models().getFirst());
        if (layers.isEmpty()) {
            return Optional.empty();
        }
        int all = layers.getAsInt();
        Located<Integer> size =
                genome.layerGranularity().orElse(new Located<>(all, genome.method().at()));
        if (all % size.value() != 0) {
            problems.add(
                    Problem.recipe(
                                    size.at(),
                                    "'layer_granularity' does not divide the number of layers")
                            .expected(
                                    "a divisor of %d, the layers of '%s'"
                                            .formatted(all, genome.models().getFirst().value()))
                            .found(size.value().toString()));
            return Optional.empty();
        }
        LayerGroups groups = new LayerGroups(all, size.value());
        if (groups.count() > MOST) {
            problems.add(
                    Problem.recipe(size.at(), "too many groups of layers")
                            .expected("at most " + MOST)
                            .found(String.valueOf(groups.count())));
            return Optional.empty();
        }
        return Optional.of(groups);
    }

    int count() {
        return layers / size;
    }

    /// The first layer of a group.
    int start(int group) {
        return group * size;
    }

    /// The layer after the last one of a group.
    int end(int group) {
        return (group + 1) * size;
    }

    /// `layers 0-4`, as a part of a variable's name.
    String name(int group) {
        return "layers " + start(group) + "-" + end(group);
    }

    /// `[0, 4]`, as in `layer_range`.
    String range(int group) {
        return "[" + start(group) + ", " + end(group) + "]";
    }
}
