package jmergekit.lora;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import jmergekit.engine.InputFolders;
import jmergekit.model.ModelFolder;
import jmergekit.plan.Source;
import jmergekit.weights.FolderState;

/// An extraction, planned from headers only. Only the data shows which modules are unchanged.
///
/// @param tied whether the head is tied to the input embeddings in both models
/// @param modules all modules of the base model, as its loaders name them
/// @param parameters parameters whose experts are among the decomposed modules
/// @param biases of experts
/// @param unheld what an adapter cannot store
/// @param leftOut modules that the options exclude
public record ExtractionPlan(
        ModelFolder model,
        ModelFolder base,
        ExtractionOptions options,
        boolean tied,
        Set<String> modules,
        List<ModuleWork.Decomposed> decomposed,
        List<ModuleWork.Whole> whole,
        List<ExpertParameter> parameters,
        List<ModuleWork.Biases> biases,
        List<ModuleWork.Unheld> unheld,
        List<String> leftOut) {
    public ExtractionPlan {
        modules = Set.copyOf(modules);
        parameters = List.copyOf(parameters);
        biases = List.copyOf(biases);
        unheld = List.copyOf(unheld);
        decomposed = List.copyOf(decomposed);
        whole = List.copyOf(whole);
        leftOut = List.copyOf(leftOut);
    }

    /// Bytes of the two models' tensors that are to be factorised.
    public long bytesToRead() {
        return decomposed.stream().mapToLong(d -> d.weight().spec().bytes()).sum();
    }

    /// Names of tensors of layers for multi-token prediction, which adapter loaders do not have.
    public Set<String> auxiliary() {
        return unheld.stream()
                .filter(ModuleWork.Unheld::auxiliary)
                .flatMap(u -> u.tensors().stream())
                .map(TensorPair::stored)
                .collect(Collectors.toSet());
    }

    /// Whether changed biases are stored in full: PEFT does not support bias differences together
    /// with factors of parameters.
    boolean keepsBiases() {
        return !parameters.isEmpty();
    }

    public int factors() {
        return decomposed.size();
    }

    /// An upper bound for the bytes of the adapter's tensors.
    public long mostBytes() {
        return decomposed.stream().mapToLong(this::mostBytes).sum()
                + whole.stream()
                        .flatMap(w -> w.tensors().stream())
                        .mapToLong(t -> t.spec().bytes())
                        .sum();
    }

    private long mostBytes(ModuleWork.Decomposed module) {
        long rank = module.mostRank(options.rank().maximum());
        long factors = rank * (module.rows() + module.columns()) * module.dtype().bytes();
        return factors + module.bias().map(b -> b.spec().bytes()).orElse(0L);
    }

    /// The states of the models' files before any of them was read.
    List<FolderState> states() {
        return Stream.of(model, base).flatMap(m -> m.states().stream()).toList();
    }

    /// The folders of the two models.
    public InputFolders inputs() {
        Map<String, Path> folders = new HashMap<>(base.namedFolders());
        folders.putAll(model.namedFolders());
        return new InputFolders(folders, states());
    }

    /// The files that are read.
    public Set<Path> inputFiles() {
        InputFolders folders = inputs();
        return Stream.of(decomposed, whole, biases, unheld)
                .flatMap(List::stream)
                .flatMap(ModuleWork::sources)
                .flatMap(Source::stored)
                .map(s -> folders.path(s.file()))
                .collect(Collectors.toSet());
    }
}
