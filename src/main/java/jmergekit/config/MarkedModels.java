package jmergekit.config;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import jmergekit.method.MergeMethod;
import jmergekit.method.MergeMethods;
import jmergekit.method.MethodInfo;
import jmergekit.model.ModelReference;

/// The models of a recipe with search marks.
///
/// @param parents the models that go into the merge
/// @param base the base model
/// @param equal the parents, excluding a base that the method uses only for task vectors
record MarkedModels(
        List<ModelReference> parents, Optional<ModelReference> base, List<ModelReference> equal) {

    /// @param examples recipes that together cover every choice, starting with the initial one
    static MarkedModels of(List<MergeConfig> examples, MergeMethods methods) {
        Set<ModelReference> parents = new LinkedHashSet<>();
        examples.forEach(e -> models(e.composition()).forEach(parents::add));
        MergeConfig first = examples.getFirst();
        Optional<ModelReference> base = first.baseModel().map(Located::value);
        Optional<MethodInfo> method =
                methods.named(first.mergeMethod().value()).map(MergeMethod::info);
        boolean apart =
                method.map(m -> m.base() != MethodInfo.Base.ORDINARY && !m.baseIsPartner())
                        .orElse(true);
        if (!apart) {
            base.ifPresent(parents::add);
        }
        List<ModelReference> equal = new ArrayList<>(parents);
        if (apart) {
            base.ifPresent(equal::remove);
        }
        return new MarkedModels(List.copyOf(parents), base, List.copyOf(equal));
    }

    /// The models that are merged.
    static List<ModelReference> of(Composition composition) {
        return models(composition).toList();
    }

    private static Stream<ModelReference> models(Composition composition) {
        return switch (composition) {
            case Composition.WholeModels(List<InputModel> models) ->
                    models.stream().map(m -> m.model().value());
            case Composition.Slices(List<OutputSlice> slices) ->
                    slices.stream().flatMap(s -> s.sources().stream()).map(s -> s.model().value());
            case Composition.Modules(List<ModuleConfig> modules) ->
                    modules.stream().flatMap(m -> models(m.composition()));
        };
    }
}
