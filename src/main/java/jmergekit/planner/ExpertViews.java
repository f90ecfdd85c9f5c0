package jmergekit.planner;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

/// Converts the experts of all models to one layout: the requested one, or that of the first model,
/// which the output's config.json comes from.
final class ExpertViews {
    private ExpertViews() {}

    /// The models with their experts in one layout.
    ///
    /// @param unpacked whether the first model's experts are stored as packed weights
    /// @param form the quantisation of the output, if any
    static List<SourceModel> of(
            List<SourceModel> models,
            WantedExperts wanted,
            boolean unpacked,
            Optional<OutputForm> form) {
        List<SourceModel> found = models.stream().map(ExpertViews::found).toList();
        SourceModel first = found.getFirst();
        Map<String, ExpertLayout> targets = new TreeMap<>();
        first.experts()
                .forEach((prefix, e) ->
                        targets.put(prefix, target(first, e.layout(), wanted, unpacked, form)));
        if (targets.isEmpty()) {
            return found;
        }
        // Layers that the first model lacks are stored as its other layers are.
        ExpertLayout usual = targets.values().iterator().next();
        return found.stream().map(m -> in(p -> targets.getOrDefault(p, usual), m)).toList();
    }

    /// The model with its experts recognised.
    static SourceModel found(SourceModel model) {
        return model.with(new ExpertGroups(model).find());
    }

    /// A model with its recognised experts in a layout.
    static SourceModel in(ExpertLayout layout, SourceModel model) {
        return in(_ -> layout, model);
    }

    /// @param layouts by the prefix of the experts
    private static SourceModel in(Function<String, ExpertLayout> layouts, SourceModel model) {
        Map<String, Experts> wanted = new TreeMap<>();
        model.experts()
                .forEach((prefix, experts) ->
                        wanted.put(prefix, experts.with(layouts.apply(prefix))));
        SourceModel known = model.with(wanted);
        return known.with(views(known));
    }

    private static ExpertLayout target(
            SourceModel first,
            ExpertLayout own,
            WantedExperts wanted,
            boolean unpacked,
            Optional<OutputForm> form) {
        return switch (wanted) {
            case BASE ->
                    own instanceof ExpertLayout.Fused fused
                            ? fused(first, fused, unpacked, form)
                            : own;
            case SPLIT ->
                    own instanceof ExpertLayout.Split
                            ? own
                            : ExpertLayout.splitOf(first.folder().config());
            case FUSED ->
                    own instanceof ExpertLayout.Fused fused
                            ? fused(first, fused, unpacked, form)
                            : ExpertLayout.fusedOf(first.folder().config());
        };
    }

    // Packed weights are rows of the matrices [out, in], whatever the layout of the model's
    // floating-point weights.
    private static ExpertLayout fused(
            SourceModel first,
            ExpertLayout.Fused own,
            boolean unpacked,
            Optional<OutputForm> form) {
        ExpertLayout.Fused plain = ExpertLayout.fusedOf(first.folder().config());
        if (form.equals(Optional.of(OutputForm.MXFP4))) {
            return new ExpertLayout.Fused(false, plain.interleaved());
        }
        return unpacked && !form.equals(Optional.of(OutputForm.KEEP)) ? plain : own;
    }

    private static List<ViewedTensor> views(SourceModel model) {
        List<ViewedTensor> views = new ArrayList<>();
        for (Map.Entry<String, Experts> entry : model.experts().entrySet()) {
            Experts experts = entry.getValue();
            ExpertLayout target = experts.wanted();
            if (experts.layout().equals(target)) {
                continue;
            }
            for (boolean bias : List.of(false, true)) {
                for (boolean gateUp : List.of(true, false)) {
                    ExpertTensor tensor = new ExpertTensor(entry.getKey(), gateUp, bias);
                    if (experts.has(tensor)) {
                        List<ViewedTensor> plain = new ArrayList<>();
                        views(experts, tensor, target, plain);
                        plain.forEach(v -> views.add(withScales(model, v)));
                    }
                }
            }
        }
        return views;
    }

    // Scales are rearranged with the tensor that they multiply.
    private static ViewedTensor withScales(SourceModel model, ViewedTensor view) {
        List<String> replaced = new ArrayList<>(view.replaced());
        for (String name : view.replaced()) {
            QuantisedNames.scaleNames(name).stream()
                    .filter(scale -> model.find(scale).isPresent())
                    .filter(scale -> QuantisedNames.scales(model.folder().checkpoint(), scale))
                    .forEach(replaced::add);
        }
        return new ViewedTensor(view.name(), view.source(), replaced);
    }

    private static void views(
            Experts experts, ExpertTensor tensor, ExpertLayout target, List<ViewedTensor> views) {
        List<String> replaced = experts.names(tensor);
        switch (target) {
            case ExpertLayout.Fused fused ->
                    views.add(
                            new ViewedTensor(
                                    tensor.name(), experts.whole(tensor, fused), replaced));
            case ExpertLayout.Split words -> {
                for (int expert = 0; expert < experts.count(); expert++) {
                    for (ExpertPart part : tensor.parts()) {
                        String name = tensor.nameOf(expert, part, words);
                        List<String> own =
                                replaced.size() == 1
                                        ? replaced
                                        : List.of(
                                                tensor.nameOf(
                                                        expert,
                                                        part,
                                                        (ExpertLayout.Split) experts.layout()));
                        views.add(new ViewedTensor(name, experts.part(tensor, expert, part), own));
                    }
                }
            }
        }
    }
}
