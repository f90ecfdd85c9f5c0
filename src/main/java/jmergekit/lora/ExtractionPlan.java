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

/// An extraction, decided from headers alone. Which modules are unchanged only the data tells.
///
/// @param tied whether the head shares the matrix of the input embeddings, in both models
/// @param modules all of the base model, as its loaders call them
/// @param parameters whose experts are among the decomposed
/// @param biases of experts
/// @param unheld what an adapter has no place for
/// @param leftOut modules that the options leave out
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

    /// Bytes of the two models' tensors that become factors.
    public long bytesToRead() {
        return decomposed.stream().mapToLong(d -> d.weight().spec().bytes()).sum();
    }

    /// Names of tensors of layers for multi-token prediction, which loaders of adapters do not have.
    public Set<String> auxiliary() {
        return unheld.stream()
                .filter(ModuleWork.Unheld::auxiliary)
                .flatMap(u -> u.tensors().stream())
                .map(TensorPair::stored)
                .collect(Collectors.toSet());
    }

    /// Whether biases that changed are kept as they are: PEFT has no differences of biases beside
    /// factors of parameters.
    boolean keepsBiases() {
        return !parameters.isEmpty();
    }

    public int factors() {
        return decomposed.size();
    }

    /// The most that the adapter's tensors can take.
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

    /// Where the two models lie.
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
