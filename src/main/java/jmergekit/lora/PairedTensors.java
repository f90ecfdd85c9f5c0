package jmergekit.lora;

import static java.util.stream.Collectors.partitioningBy;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
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
import jmergekit.planner.ComparedTensors;

/// The tensors of a fine-tune beside those of its base model.
///
/// @param pairs what the fine-tune has, in the order of names; a tensor that has several names for
///     loaders is there under each
/// @param auxiliary those of layers for multi-token prediction, which loaders do not have
/// @param integers the fine-tune's counts and positions, which belong to modules but are not trained
/// @param missing names that only the base model has, but for those it runs without, such as the
///     layers for multi-token prediction where the fine-tune has none: an adapter leaves them as they
///     are
/// @param unpaired names of such tensors where only the fine-tune has some
/// @param tied whether both use their input embeddings as the head
record PairedTensors(
        List<TensorPair> pairs,
        List<TensorPair> auxiliary,
        List<TensorPair> integers,
        List<String> missing,
        List<String> unpaired,
        boolean tied) {
    /// @param compared the tensors of the base model and of the fine-tune
    static PairedTensors of(
            ModelFolder model,
            ModelFolder base,
            LoaderNames loaders,
            List<ComparedTensors> compared) {
        Map<String, Source> inBase = tensors(compared.getFirst());
        Map<String, Source> inModel = new LinkedHashMap<>();
        Map<String, Source> own = tensors(compared.getLast());
        NameMap.toReference(own.keySet(), inBase.keySet())
                .forEach((stored, name) -> inModel.put(name, own.get(stored)));
        Set<String> baseOnly = Structure.auxiliary(base.config(), inBase.keySet());
        Set<String> unpaired = Structure.auxiliary(model.config(), inModel.keySet());
        Set<String> auxiliary = new HashSet<>(baseOnly);
        auxiliary.addAll(unpaired);
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
            Optional<Source> from = find(inBase, name, embeddings);
            find(inModel, name, embeddings)
                    .ifPresentOrElse(
                            to -> pairs.add(new TensorPair(loaders.of(name), name, to, from)),
                            () -> missing.add(name));
        }
        loaders.tied(names, tied && hasHead(base.architecture())).forEach(g -> addTied(g, pairs));
        pairs.sort(Comparator.comparing(TensorPair::name));
        Map<Boolean, List<TensorPair>> beside =
                pairs.stream().collect(partitioningBy(p -> auxiliary.contains(p.stored())));
        missing.removeAll(auxiliary);
        return new PairedTensors(
                beside.get(false),
                beside.get(true).stream().filter(p -> p.base().isPresent()).toList(),
                integers(compared.getLast(), loaders),
                missing,
                List.copyOf(unpaired),
                tied);
    }

    private static List<TensorPair> integers(ComparedTensors model, LoaderNames loaders) {
        List<TensorPair> integers = new ArrayList<>();
        model.tensors()
                .forEach((name, own) -> {
                    if (!own.dtype().isFloat()) {
                        integers.add(new TensorPair(loaders.of(name), name, own, Optional.of(own)));
                    }
                });
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

    private static Map<String, Source> tensors(ComparedTensors compared) {
        Map<String, Source> tensors = new LinkedHashMap<>(compared.tensors());
        // Counts and positions are not trained.
        tensors.values().removeIf(t -> !t.dtype().isFloat());
        return tensors;
    }

    // A head in the files of a model that is configured to share one is not looked at by loaders.
    private static boolean sharesHead(ModelFolder folder, Map<String, Source> tensors) {
        boolean hasHead = tensors.keySet().stream().anyMatch(Structure::isHead);
        return folder.config().tieWordEmbeddings().orElse(!hasHead);
    }

    /// A head that one of the models lacks is its input embeddings.
    private static Optional<Source> find(
            Map<String, Source> tensors, String name, Optional<String> embeddings) {
        Optional<Source> own = Optional.ofNullable(tensors.get(name));
        return own.isPresent() || !Structure.isHead(name) ? own : embeddings.map(tensors::get);
    }
}
