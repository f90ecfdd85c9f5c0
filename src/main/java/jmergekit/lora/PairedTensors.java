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

/// The tensors of a fine-tune, paired with those of its base model.
///
/// @param pairs the fine-tune's tensors, sorted by name; a tensor for which loaders have several
///     names occurs under each
/// @param auxiliary tensors of layers for multi-token prediction, which loaders do not have
/// @param integers the fine-tune's counts and positions, which belong to modules but are not
///     trained
/// @param missing names that only the base model has, except tensors that it can run without, such
///     as layers for multi-token prediction if the fine-tune has none: an adapter leaves these
///     unchanged
/// @param unpaired names of such optional tensors that only the fine-tune has
/// @param tied whether both models use their input embeddings as the head
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

    // Adapter loaders know each name, and keep the base's values for those that are missing.
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

    // Loaders ignore a stored head if the model's configuration ties it.
    private static boolean sharesHead(ModelFolder folder, Map<String, Source> tensors) {
        boolean hasHead = tensors.keySet().stream().anyMatch(Structure::isHead);
        return folder.config().tieWordEmbeddings().orElse(!hasHead);
    }

    /// A head that one of the models lacks is replaced by its input embeddings.
    private static Optional<Source> find(
            Map<String, Source> tensors, String name, Optional<String> embeddings) {
        Optional<Source> own = Optional.ofNullable(tensors.get(name));
        return own.isPresent() || !Structure.isHead(name) ? own : embeddings.map(tensors::get);
    }
}
