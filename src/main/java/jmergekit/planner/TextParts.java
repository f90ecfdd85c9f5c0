package jmergekit.planner;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import jmergekit.arch.LayerStack;
import jmergekit.arch.Place;
import jmergekit.arch.Structure;

/// The models that are only the language model of the first one, which is multimodal. They are
/// merged with its language model; its other modules are kept.
final class TextParts {
    private final Set<Integer> parts = new HashSet<>();
    private final List<SourceModel> models;
    private final Structure structure;

    private TextParts(List<SourceModel> models, Structure structure) {
        this.models = models;
        this.structure = structure;
    }

    /// @param ofAnyKind whether to include a language model whose type differs from the first one's
    static TextParts find(List<SourceModel> models, Structure structure, boolean ofAnyKind) {
        TextParts found = new TextParts(models, structure);
        Optional<LayerStack> text = structure.mainStack();
        for (SourceModel model : models) {
            if (text.isPresent()
                    && model.index() > 0
                    && found.modules(models.getFirst()).contains(text.get().module())
                    && found.modules(model).contains(text.get().module())
                    && !found.lacked(model).isEmpty()
                    && (ofAnyKind || isOfType(model, models.getFirst()))) {
                found.parts.add(model.index());
            }
        }
        return found;
    }

    // Older configurations put the language model's settings at the top level, without its type.
    private static boolean isOfType(SourceModel model, SourceModel whole) {
        Optional<String> inner = whole.folder().config().textModelType();
        return inner.isEmpty() || model.folder().config().modelType().equals(inner);
    }

    private Set<String> modules(SourceModel model) {
        Set<String> modules = new HashSet<>();
        model.tensors().keySet().forEach(n -> modules.add(structure.place(n).module()));
        return modules;
    }

    /// The modules of the first model of which a model has no tensors, in the order of the
    /// structure.
    private List<String> lacked(SourceModel model) {
        List<String> lacked = new ArrayList<>(structure.modules());
        lacked.retainAll(modules(models.getFirst()));
        lacked.removeAll(modules(model));
        lacked.removeIf(structure::isAuxiliary);
        return lacked;
    }

    boolean contains(SourceModel model) {
        return parts.contains(model.index());
    }

    /// Whether a model is only the language model and has no tensors of a module.
    boolean lacksModule(SourceModel model, String module) {
        return contains(model) && lacked(model).contains(module);
    }

    /// Whether a model is only the language model, and the tensor is one that a wrapper adds to it:
    /// a bare parameter such as `image_newline`.
    boolean lacksTensor(SourceModel model, String name) {
        return contains(model)
                && !(structure.place(name) instanceof Place.InLayer)
                && Structure.isBare(name);
    }

    /// Notes on how each of these models is merged.
    List<String> notes() {
        return models.stream()
                .filter(this::contains)
                .map(m ->
                        "%s is merged with the language model of %s, whose %s is copied"
                                .formatted(
                                        m.label(),
                                        models.getFirst().label(),
                                        String.join(", ", lacked(m))))
                .toList();
    }
}
