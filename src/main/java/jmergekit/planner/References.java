package jmergekit.planner;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import jmergekit.config.Composition;
import jmergekit.config.InputModel;
import jmergekit.config.Located;
import jmergekit.config.MergeConfig;
import jmergekit.config.MixtureConfig;
import jmergekit.config.ModuleConfig;
import jmergekit.config.OutputSlice;
import jmergekit.config.SliceSource;
import jmergekit.config.TokenSource;
import jmergekit.config.VocabularySource;
import jmergekit.model.ModelReference;

/// The models a recipe names.
public final class References {
    private References() {}

    /// In order of appearance, the base model first; each once.
    public static List<ModelReference> all(MergeConfig config) {
        Set<ModelReference> all = new LinkedHashSet<>();
        merged(config).forEach(r -> all.add(r.value()));
        return List.copyOf(all);
    }

    /// All places where a recipe names a model, including models used only for their tokenizer.
    public static List<Located<ModelReference>> everywhere(MergeConfig config) {
        List<Located<ModelReference>> all = merged(config);
        config.tokenizer()
                .ifPresent(t -> {
                    if (t.source().value()
                            instanceof VocabularySource.OfModel(ModelReference model)) {
                        all.add(new Located<>(model, t.source().at()));
                    }
                    t.tokens().values().stream()
                            .flatMap(rule -> rule.source().stream())
                            .forEach(s ->
                                    model(s.value())
                                            .ifPresent(m -> all.add(new Located<>(m, s.at()))));
                });
        return all;
    }

    /// All places where the recipe of a mixture names a model.
    public static List<Located<ModelReference>> everywhere(MixtureConfig config) {
        List<Located<ModelReference>> all = new ArrayList<>();
        all.add(config.baseModel());
        config.allExperts().forEach(e -> all.add(e.model()));
        return all;
    }

    private static Optional<ModelReference> model(TokenSource source) {
        return switch (source) {
            case TokenSource.Zero() -> Optional.empty();
            case TokenSource.SameToken(ModelReference model) -> Optional.of(model);
            case TokenSource.NamedToken(ModelReference model, String _) -> Optional.of(model);
            case TokenSource.TokenId(ModelReference model, int _) -> Optional.of(model);
        };
    }

    private static List<Located<ModelReference>> merged(MergeConfig config) {
        List<Located<ModelReference>> all = new ArrayList<>();
        config.baseModel().ifPresent(all::add);
        collect(config.composition(), all);
        return all;
    }

    /// The base models of the recipe and of single slices.
    static List<ModelReference> bases(MergeConfig config) {
        List<ModelReference> bases = new ArrayList<>();
        config.baseModel().map(Located::value).ifPresent(bases::add);
        collectBases(config.composition(), bases);
        return bases;
    }

    private static void collect(Composition composition, List<Located<ModelReference>> all) {
        switch (composition) {
            case Composition.WholeModels(List<InputModel> inputs) ->
                    inputs.forEach(i -> all.add(i.model()));
            case Composition.Slices(List<OutputSlice> slices) -> {
                for (OutputSlice slice : slices) {
                    slice.baseModel().ifPresent(all::add);
                    slice.sources().stream().map(SliceSource::model).forEach(all::add);
                }
            }
            case Composition.Modules(List<ModuleConfig> modules) ->
                    modules.forEach(m -> collect(m.composition(), all));
        }
    }

    private static void collectBases(Composition composition, List<ModelReference> bases) {
        switch (composition) {
            case Composition.WholeModels whole -> {}
            case Composition.Slices(List<OutputSlice> slices) ->
                    slices.forEach(s -> s.baseModel().map(Located::value).ifPresent(bases::add));
            case Composition.Modules(List<ModuleConfig> modules) ->
                    modules.forEach(m -> collectBases(m.composition(), bases));
        }
    }
}
