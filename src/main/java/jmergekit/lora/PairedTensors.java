package jmergekit.lora;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import jmergekit.arch.LoaderNames;
import jmergekit.arch.NameMap;
import jmergekit.arch.Structure;
import jmergekit.model.ModelFolder;
import jmergekit.plan.Source;
import jmergekit.tensor.TensorSpec;
import jmergekit.weights.TensorLocation;

/// The tensors of a fine-tune beside those of its base model.
///
/// @param pairs what the fine-tune has, in the order of names; a tensor that has several names for
///     loaders is there under each
/// @param integers the fine-tune's counts and positions, which belong to modules but are not trained
/// @param missing names that only the base model has, but for those it runs without, such as the
///     layers for multi-token prediction where the fine-tune has none: an adapter leaves them as they
///     are
/// @param unpaired names of such tensors where only the fine-tune has some
/// @param tied whether both use their input embeddings as the head
record PairedTensors(
        List<TensorPair> pairs,
        List<TensorPair> integers,
        List<String> missing,
        List<String> unpaired,
        boolean tied) {
    static PairedTensors of(ModelFolder model, ModelFolder base, LoaderNames loaders) {
        Map<String, Source.Stored> inBase = tensors(base);
        Map<String, Source.Stored> inModel = new LinkedHashMap<>();
        NameMap.toReference(tensors(model).keySet(), inBase.keySet())
                .forEach((own, name) -> inModel.put(name, stored(model, own)));
        Set<String> baseOnly = Structure.auxiliary(base.config(), inBase.keySet());
        Set<String> unpaired = Structure.auxiliary(model.config(), inModel.keySet());
        if (baseOnly.isEmpty()) {
            inModel.keySet().removeAll(unpaired);
        } else if (unpaired.isEmpty()) {
            inBase.keySet().removeAll(baseOnly);
        } else {
            unpaired.clear();
        }
        Set<String> names = new LinkedHashSet<>(inBase.keySet());
        names.addAll(inModel.keySet());
        Optional<String> embeddings =
                names.stream().filter(Structure::isInputEmbedding).findFirst();
        boolean tied =
                embeddings.isPresent() && sharesHead(model, inModel) && sharesHead(base, inBase);
        if (tied) {
            names.removeIf(Structure::isHead);
        }
        List<TensorPair> pairs = new ArrayList<>();
        List<String> missing = new ArrayList<>();
        for (String name : names.stream().sorted().toList()) {
            Optional<Source.Stored> from = find(inBase, name, embeddings);
            find(inModel, name, embeddings)
                    .ifPresentOrElse(
                            to -> pairs.add(new TensorPair(loaders.of(name), name, to, from)),
                            () -> missing.add(name));
        }
        loaders.tied(names, tied && hasHead(base.architecture())).forEach(g -> addTied(g, pairs));
        pairs.sort(Comparator.comparing(TensorPair::name));
        return new PairedTensors(
                pairs, integers(model, loaders), missing, List.copyOf(unpaired), tied);
    }

    private static List<TensorPair> integers(ModelFolder model, LoaderNames loaders) {
        List<TensorPair> integers = new ArrayList<>();
        for (TensorSpec spec : model.checkpoint().tensors()) {
            if (!spec.dtype().isFloat()) {
                Source.Stored own = stored(model, spec.name());
                integers.add(
                        new TensorPair(
                                loaders.of(spec.name()), spec.name(), own, Optional.of(own)));
            }
        }
        return integers;
    }

    private static boolean hasHead(String architecture) {
        return architecture.endsWith("ForCausalLM")
                || architecture.endsWith("LMHeadModel")
                || architecture.endsWith("ForConditionalGeneration");
    }

    // Loaders of adapters know each of the names, and leave what is not there at the base's values.
    private static void addTied(List<String> group, List<TensorPair> pairs) {
        Set<String> held = pairs.stream().map(TensorPair::name).collect(Collectors.toSet());
        pairs.stream()
                .filter(p -> group.contains(p.name()))
                .min(Comparator.comparingInt(p -> group.indexOf(p.name())))
                .ifPresent(source ->
                        group.stream()
                                .filter(name -> !held.contains(name))
                                .forEach(name -> pairs.add(source.tiedAs(name))));
    }

    private static Map<String, Source.Stored> tensors(ModelFolder folder) {
        Map<String, Source.Stored> tensors = new LinkedHashMap<>();
        for (TensorSpec spec : folder.checkpoint().tensors()) {
            // Counts and positions are not trained.
            if (spec.dtype().isFloat()) {
                tensors.put(spec.name(), stored(folder, spec.name()));
            }
        }
        return tensors;
    }

    private static Source.Stored stored(ModelFolder folder, String name) {
        TensorLocation there = folder.checkpoint().find(name).orElseThrow();
        return new Source.Stored(folder.inputFile(there.header()), there.entry());
    }

    // A head in the files of a model that is configured to share one is not looked at by loaders.
    private static boolean sharesHead(ModelFolder folder, Map<String, Source.Stored> tensors) {
        boolean hasHead = tensors.keySet().stream().anyMatch(Structure::isHead);
        return folder.config().tieWordEmbeddings().orElse(!hasHead);
    }

    /// A head that one of the models lacks is its input embeddings.
    private static Optional<Source.Stored> find(
            Map<String, Source.Stored> tensors, String name, Optional<String> embeddings) {
        Optional<Source.Stored> own = Optional.ofNullable(tensors.get(name));
        return own.isPresent() || !Structure.isHead(name) ? own : embeddings.map(tensors::get);
    }
}
