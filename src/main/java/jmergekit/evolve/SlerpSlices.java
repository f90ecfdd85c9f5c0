package jmergekit.evolve;

import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import jmergekit.config.ReferenceText;
import jmergekit.config.YamlScalar;
import jmergekit.model.ModelReference;
import jmergekit.search.Point;

/// Slices of two models each. Each group of layers uses the two models with the largest values; the
/// one with the larger value is the base.
///
/// @param models one value per group for each
record SlerpSlices(List<ModelReference> models, LayerGroups groups) {
    String text(Point point) {
        StringBuilder slices = new StringBuilder("slices:\n");
        for (int group = 0; group < groups.count(); group++) {
            int offset = group * models.size();
            // The sort is stable.
            List<Integer> largest =
                    IntStream.range(0, models.size())
                            .boxed()
                            .sorted(Comparator.comparing(m -> -point.get(offset + m)))
                            .limit(2)
                            .toList();
            slice(slices, group, largest, t(point, offset, largest));
        }
        return slices.toString();
    }

    /// The second component of the softmax of two values.
    private static double t(Point point, int offset, List<Integer> largest) {
        double first = point.get(offset + largest.getFirst());
        double second = point.get(offset + largest.getLast());
        return 1 / (1 + StrictMath.exp(first - second));
    }

    private void slice(StringBuilder slices, int group, List<Integer> two, double t) {
        slices.append("  - sources:\n");
        for (int model : two) {
            slices.append("      - model: ").append(ReferenceText.of(models.get(model)));
            slices.append("\n        layer_range: ").append(groups.range(group)).append('\n');
        }
        String base = ReferenceText.of(models.get(two.getFirst()));
        slices.append("    base_model: ").append(base);
        slices.append("\n    parameters:\n      t: ").append(YamlScalar.of(t)).append('\n');
    }
}
