package jmergekit.planner;

import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import jmergekit.arch.LayerIndex;
import jmergekit.model.ModelFolder;
import jmergekit.plan.Source;
import jmergekit.plan.TaskInput;
import jmergekit.problem.Problems;
import jmergekit.tensor.TensorSpec;
import jmergekit.weights.TensorLocation;

/// The tensors of a model that is compared with others: packed and scaled weights as the values
/// they stand for, and experts in one layout.
///
/// @param tensors by name
/// @param experts the names of fused expert matrices in the requested layout
public record ComparedTensors(Map<String, Source> tensors, Set<String> experts) {
    /// The layout in which the experts of all models are compared.
    public sealed interface Form {
        /// As the first model has them.
        record AsFirst() implements Form {}

        /// A tensor for each matrix of each expert.
        record Split() implements Form {}

        /// One tensor for all experts of a layer, with gates and ups in the order of the first
        /// model's type.
        ///
        /// @param transposed whether it is `[experts, in, out]`, not `[experts, out, in]`
        record Fused(boolean transposed) implements Form {}
    }

    /// The models, in order.
    ///
    /// @param problems receives scales that do not fit
    public static List<ComparedTensors> of(List<ModelFolder> models, Form form, Problems problems) {
        List<SourceModel> found =
                models.stream()
                        .map(ComparedTensors::opened)
                        .map(m -> m.with(PackedFloats.views(m, problems)))
                        .map(ExpertViews::found)
                        .toList();
        Optional<ExpertLayout> layout = layout(found, form);
        return found.stream()
                .map(m -> layout.map(l -> ExpertViews.in(l, m)).orElse(m))
                .map(m -> compared(m, problems))
                .toList();
    }

    /// Whether the name is that of a scale of another tensor.
    public boolean isScale(String name) {
        return QuantisedNames.scaledBy(name).stream().anyMatch(tensors::containsKey);
    }

    private static SourceModel opened(ModelFolder folder) {
        Map<String, TensorLocation> tensors = new LinkedHashMap<>();
        for (TensorSpec spec : folder.checkpoint().tensors()) {
            tensors.put(spec.name(), folder.checkpoint().find(spec.name()).orElseThrow());
        }
        return new SourceModel(
                0,
                folder,
                tensors,
                Map.of(),
                List.of(),
                new LayerIndex(tensors.keySet()),
                Map.of(),
                new IdentityHashMap<>());
    }

    private static Optional<ExpertLayout> layout(List<SourceModel> models, Form form) {
        List<ExpertLayout> layouts =
                models.stream()
                        .flatMap(m -> m.experts().values().stream())
                        .map(Experts::layout)
                        .distinct()
                        .toList();
        if (layouts.isEmpty()) {
            return Optional.empty();
        }
        SourceModel first = models.getFirst();
        return switch (form) {
            case Form.AsFirst _ ->
                    first.experts().values().stream().map(Experts::layout).findFirst();
            case Form.Split _ ->
                    Optional.of(
                            layouts.stream()
                                    .filter(ExpertLayout.Split.class::isInstance)
                                    .findFirst()
                                    .orElseGet(
                                            () -> ExpertLayout.splitOf(first.folder().config())));
            case Form.Fused(boolean transposed) ->
                    Optional.of(
                            new ExpertLayout.Fused(
                                    transposed,
                                    ExpertLayout.isOf(
                                            first.folder().config(), ExpertLayout.INTERLEAVED)));
        };
    }

    private static ComparedTensors compared(SourceModel model, Problems problems) {
        Map<String, Source> tensors = new LinkedHashMap<>();
        Findings misfits = new Findings();
        for (String name : model.tensors().keySet()) {
            if (QuantisedNames.scales(model.folder().checkpoint(), name)) {
                continue;
            }
            Source stored = model.source(name).map(TaskInput::source).orElseThrow();
            Source scaled = QuantisedTensors.scaled(model.folder(), stored);
            if (scaled.equals(stored) && QuantisedNames.isFloat8(stored.dtype())) {
                QuantisedNames.scaleOf(model.folder().checkpoint(), name)
                        .map(scale -> misfit(stored, scale))
                        .ifPresent(text -> misfits.add(model.label(), text));
            }
            tensors.put(name, scaled);
        }
        misfits.report(problems, "the file is damaged or its layout is unknown");
        return new ComparedTensors(tensors, fused(model));
    }

    private static String misfit(Source tensor, TensorLocation scale) {
        return "tensor '%s' %s has scales %s, which do not fit"
                .formatted(tensor.spec().name(), tensor.shape(), scale.entry().spec().shape());
    }

    private static Set<String> fused(SourceModel model) {
        Set<String> names = new HashSet<>();
        for (Experts experts : model.experts().values()) {
            if (experts.wanted() instanceof ExpertLayout.Fused) {
                names.add(new ExpertTensor(experts.prefix(), true, false).name());
                names.add(new ExpertTensor(experts.prefix(), false, false).name());
            }
        }
        return names;
    }
}
