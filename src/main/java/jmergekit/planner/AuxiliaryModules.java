package jmergekit.planner;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import jmergekit.arch.LayerStack;
import jmergekit.arch.Structure;
import jmergekit.config.ParameterSet;
import jmergekit.primitive.Primitives;

/// The modules that a model runs without, such as the layers for multi-token prediction. Training
/// code drops them, so that a fine-tune often lacks what its base model has: they are merged from the
/// models that have them, or kept as they are in one.
final class AuxiliaryModules {
    private final List<SourceModel> models;
    private final Structure structure;
    private final List<String> notes = new ArrayList<>();

    AuxiliaryModules(InputModels models) {
        this.models = models.inOrder();
        this.structure = models.structure();
    }

    /// The module as the first model has it, which the output's config.json comes from; empty if that
    /// model lacks it.
    Optional<PlannedModule> fromFirst(String module) {
        SourceModel first = models.getFirst();
        if (!first.has(structure, module)) {
            return Optional.empty();
        }
        notes.add("module '%s' stays as it is in %s".formatted(module, first.label()));
        return Optional.of(keep(module, first));
    }

    /// Takes out of `inputs` what lacks an auxiliary module. Where too few remain to merge, the result
    /// is the module as it is in the first that has it; else it is empty.
    ///
    /// @param base which model must have it to be merged at all, if one must
    Optional<PlannedModule> fromThoseThatHave(
            String module, List<PlannedSlice.Input> inputs, Optional<SourceModel> base) {
        if (!structure.isAuxiliary(module)) {
            return Optional.empty();
        }
        List<SourceModel> lacking =
                inputs.stream()
                        .map(PlannedSlice.Input::model)
                        .filter(m -> !m.has(structure, module))
                        .toList();
        if (lacking.isEmpty() || lacking.size() == inputs.size()) {
            return Optional.empty();
        }
        inputs.removeIf(i -> lacking.contains(i.model()));
        List<String> names = lacking.stream().map(SourceModel::label).toList();
        String without =
                "module '%s', which %s %s, "
                        .formatted(
                                module,
                                String.join(", ", names),
                                names.size() == 1 ? "lacks" : "lack");
        if (inputs.size() > 1 && base.filter(lacking::contains).isEmpty()) {
            notes.add(without + "is merged from the models that have it");
            return Optional.empty();
        }
        SourceModel kept = inputs.getFirst().model();
        notes.add(without + "stays as it is in " + kept.label());
        return Optional.of(keep(module, kept));
    }

    private PlannedModule keep(String module, SourceModel model) {
        Optional<LayerStack> stack = structure.stack(module);
        PlannedSlice slice =
                new PlannedSlice(
                        List.of(new PlannedSlice.Input(model, 0, ParameterSet.EMPTY)),
                        stack.map(model::layers).orElse(0),
                        Primitives.NO_BASE,
                        ParameterSet.EMPTY);
        return new PlannedModule(module, stack, List.of(slice), true, ParameterSet.EMPTY, true);
    }

    List<String> notes() {
        return List.copyOf(notes);
    }
}
