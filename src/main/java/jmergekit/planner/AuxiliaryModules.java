package jmergekit.planner;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Predicate;
import jmergekit.arch.LayerStack;
import jmergekit.arch.Structure;
import jmergekit.config.ParameterSet;
import jmergekit.primitive.Primitives;

/// The modules next to the layers of the text model.
///
/// A model runs without some of them, such as the layers for multi-token prediction. Training code
/// often drops them, so that a fine-tune lacks what its base model has. They are then merged from
/// the models that have them, or copied from one. Slices of layers leave them unchanged, as they do
/// vision and audio towers.
final class AuxiliaryModules {
    private final List<SourceModel> models;
    private final Structure structure;
    private final List<String> notes = new ArrayList<>();

    AuxiliaryModules(InputModels models) {
        this.models = models.inOrder();
        this.structure = models.structure();
    }

    /// All modules but `sliced`, as in the first model, which the output's config.json comes from.
    /// Modules that the first model lacks are left out.
    List<PlannedModule> beside(String sliced) {
        SourceModel first = models.getFirst();
        List<String> kept =
                structure.modules().stream()
                        .filter(m -> !m.equals(sliced) && first.has(structure, m))
                        .toList();
        if (!kept.isEmpty()) {
            notes.add(
                    "%s %s %s"
                            .formatted(
                                    named(kept),
                                    kept.size() == 1 ? "is copied from" : "are copied from",
                                    first.label()));
        }
        return kept.stream().map(m -> keep(m, first)).toList();
    }

    /// Notes which of them are left out by a recipe that lists modules.
    void leftOut(List<String> listed) {
        List<String> left =
                structure.modules().stream()
                        .filter(m -> structure.isAuxiliary(m) && !listed.contains(m))
                        .toList();
        if (!left.isEmpty()) {
            notes.add(
                    "%s %s left out because the recipe does not list %s"
                            .formatted(
                                    named(left),
                                    left.size() == 1 ? "is" : "are",
                                    left.size() == 1 ? "it" : "them"));
        }
    }

    private static String named(List<String> modules) {
        return (modules.size() == 1 ? "module '" : "modules '")
                + String.join("', '", modules)
                + "'";
    }

    /// Removes from `inputs` the models that lack an auxiliary module, or have it with another
    /// number of layers or other tensors than the first model that has it (the base model, if it
    /// has one). Tensors may be missing, for example, if the module uses the model's own
    /// embeddings. If too few inputs remain to merge, the result is the module as it is in that
    /// first model; otherwise it is empty.
    ///
    /// @param enough whether the method can merge these inputs
    Optional<PlannedModule> fromThoseThatHave(
            String module,
            List<PlannedSlice.Input> inputs,
            Predicate<List<PlannedSlice.Input>> enough) {
        if (!structure.isAuxiliary(module)) {
            return Optional.empty();
        }
        List<SourceModel> lacking =
                inputs.stream()
                        .map(PlannedSlice.Input::model)
                        .filter(m -> !m.has(structure, module))
                        .toList();
        if (lacking.size() == inputs.size()) {
            return Optional.empty();
        }
        List<PlannedSlice.Input> having = new ArrayList<>(inputs);
        having.removeIf(i -> lacking.contains(i.model()));
        SourceModel kept =
                having.stream()
                        .map(PlannedSlice.Input::model)
                        .min(Comparator.comparingInt(SourceModel::index))
                        .orElseThrow();
        List<SourceModel> deviating =
                having.stream()
                        .map(PlannedSlice.Input::model)
                        .filter(m -> deviates(m, kept, module))
                        .toList();
        having.removeIf(i -> deviating.contains(i.model()));
        if (having.size() == inputs.size()) {
            return Optional.empty();
        }
        inputs.clear();
        inputs.addAll(having);
        String without = "module '%s', %s, ".formatted(module, why(lacking, deviating));
        if (enough.test(having)) {
            notes.add(without + "is merged from the models that have it");
            return Optional.empty();
        }
        notes.add(without + "is copied from " + kept.label());
        return Optional.of(keep(module, kept));
    }

    private static String why(List<SourceModel> lacking, List<SourceModel> deviating) {
        List<String> why = new ArrayList<>();
        if (!lacking.isEmpty()) {
            why.add(
                    "which %s %s"
                            .formatted(labels(lacking), lacking.size() == 1 ? "lacks" : "lack"));
        }
        if (!deviating.isEmpty()) {
            why.add("which has other layers or tensors in " + labels(deviating));
        }
        return String.join(" and ", why);
    }

    private static String labels(List<SourceModel> models) {
        return String.join(", ", models.stream().map(SourceModel::label).toList());
    }

    // Experts that are stored in different layouts have different names in two models, and can
    // still be merged.
    private boolean deviates(SourceModel model, SourceModel reference, String module) {
        Set<String> own = names(model, module);
        Set<String> names = names(reference, module);
        boolean isPart = own.containsAll(names) || names.containsAll(own);
        return !depth(model, module).equals(depth(reference, module))
                || isPart && own.size() != names.size();
    }

    private Set<String> names(SourceModel model, String module) {
        Set<String> names = new HashSet<>();
        for (String name : model.tensors().keySet()) {
            if (structure.place(name).module().equals(module)
                    && !Structure.isOptional(name)
                    && !QuantisedNames.isScale(name)) {
                names.add(name);
            }
        }
        return names;
    }

    private OptionalInt depth(SourceModel model, String module) {
        return structure
                .stack(module)
                .map(s -> OptionalInt.of(model.layers(s)))
                .orElse(OptionalInt.empty());
    }

    private PlannedModule keep(String module, SourceModel model) {
        Optional<LayerStack> stack = structure.stack(module);
        PlannedSlice slice =
                new PlannedSlice(
                        List.of(new PlannedSlice.Input(model, 0, ParameterSet.EMPTY)),
                        stack.map(model::layers).orElse(0),
                        Primitives.NO_BASE,
                        Primitives.NO_BASE,
                        ParameterSet.EMPTY);
        return new PlannedModule(module, stack, List.of(slice), true, ParameterSet.EMPTY, true);
    }

    List<String> notes() {
        return List.copyOf(notes);
    }
}
