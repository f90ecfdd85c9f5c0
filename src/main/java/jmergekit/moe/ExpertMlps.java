package jmergekit.moe;

import java.util.List;
import java.util.Optional;
import jmergekit.arch.LayerStack;
import jmergekit.config.ExpertConfig;
import jmergekit.planner.Findings;
import jmergekit.planner.SourceModel;
import jmergekit.problem.Problems;
import jmergekit.tensor.Shape;
import jmergekit.tensor.TensorSpec;
import jmergekit.weights.TensorLocation;

/// Checks the experts' MLPs, from headers only: they must be complete, have the same shapes, and
/// contain nothing but the three matrices.
final class ExpertMlps {
    private final MixtureModels models;
    private final Findings missing = new Findings();
    private final Findings different = new Findings();

    ExpertMlps(MixtureModels models) {
        this.models = models;
    }

    /// Checks experts that must all have the same width, and returns it; 0 if there are none.
    long check(List<ExpertConfig> experts) {
        long width = 0;
        for (ExpertConfig expert : experts) {
            SourceModel model = models.of(expert);
            if (width == 0) {
                width = width(model);
            }
            check(model, width);
        }
        return width;
    }

    void report(Problems problems) {
        missing.report(
                problems, "a file is damaged or incomplete, or the model has another architecture");
        different.report(
                problems, "experts need MLPs of the same shapes, and the same number of layers");
    }

    private long width(SourceModel model) {
        return model.find(models.stack().name(0, MlpPart.GATE.rest()))
                .map(l -> l.entry().spec().shape())
                .filter(s -> s.rank() == 2)
                .map(s -> s.size(0))
                .orElse(0L);
    }

    private void check(SourceModel model, long width) {
        LayerStack stack = models.stack();
        int layers = model.layers(stack);
        if (layers > stack.layers()) {
            different.add(
                    model.label(),
                    "%d layers, but the base model has %d".formatted(layers, stack.layers()));
        }
        for (int layer = 0; layer < stack.layers(); layer++) {
            for (MlpPart part : MlpPart.values()) {
                String name = stack.name(layer, part.rest());
                Optional<TensorLocation> found = model.find(name);
                if (found.isEmpty()) {
                    missing.add(model.label(), "tensor '%s' is missing".formatted(name));
                } else if (width > 0) {
                    check(model, found.get().entry().spec(), shape(part, width));
                }
            }
            checkNothingElse(model, layer);
        }
    }

    private Shape shape(MlpPart part, long width) {
        long hidden = models.hidden();
        return part == MlpPart.DOWN ? Shape.of(hidden, width) : Shape.of(width, hidden);
    }

    private void check(SourceModel model, TensorSpec found, Shape expected) {
        if (!found.shape().equals(expected)) {
            different.add(
                    model.label(),
                    "tensor '%s' is %s, expected %s"
                            .formatted(found.name(), found.shape(), expected));
        } else if (!found.dtype().isFloat() || found.dtype().bytes() == 1) {
            different.add(
                    model.label(),
                    "tensor '%s' is quantised (%s)".formatted(found.name(), found.dtype()));
        }
    }

    // Biases, or the scales of a quantised model.
    private void checkNothingElse(SourceModel model, int layer) {
        for (String rest : model.restsOf(models.stack(), layer)) {
            if (rest.startsWith(MlpPart.PREFIX)
                    && List.of(MlpPart.values()).stream().noneMatch(p -> p.rest().equals(rest))) {
                different.add(
                        model.label(),
                        "the mixture cannot store tensor '%s'"
                                .formatted(models.stack().name(layer, rest)));
            }
        }
    }
}
