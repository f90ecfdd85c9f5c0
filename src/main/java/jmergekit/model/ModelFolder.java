package jmergekit.model;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;
import jmergekit.problem.Problems;
import jmergekit.safetensors.SafetensorsHeader;
import jmergekit.tensor.TensorSpec;
import jmergekit.torchfile.TorchHeader;
import jmergekit.weights.Checkpoint;
import jmergekit.weights.FolderState;
import jmergekit.weights.WeightFolder;
import jmergekit.weights.WeightFormat;
import jmergekit.weights.WeightHeader;

/// A model: its configuration and the headers of its weights. No tensor data is read, and a model
/// on the hub need not be downloaded.
///
/// @param reference the reference as the recipe writes it
/// @param architecture the configuration's architecture, or the override in the reference
/// @param adapter the adapter that changes the weights, if the reference names one
/// @param ownTokenizer the place of the model's tokenizer, if it is not in its folder
public record ModelFolder(
        ModelReference reference,
        Path folder,
        ModelConfig config,
        String architecture,
        Checkpoint checkpoint,
        Optional<Adapter> adapter,
        Optional<Path> ownTokenizer) {
    /// The files that a tokenizer needs, by type of tokenizer.
    private static final List<String> VOCABULARIES =
            List.of(
                    "tokenizer.json",
                    "tokenizer.model",
                    "vocab.json",
                    "vocab.txt",
                    "spiece.model",
                    "sentencepiece.bpe.model",
                    "tekken.json");

    /// The cache stores each revision of a repository in a folder with its name.
    private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}");

    /// The weight formats that are read. If a folder has several, the first in this list counts.
    public static final List<WeightFormat> FORMATS =
            List.of(SafetensorsHeader.FORMAT, TorchHeader.FORMAT);

    /// A model with its tokenizer, if any, in its folder.
    public ModelFolder(
            ModelReference reference,
            Path folder,
            ModelConfig config,
            String architecture,
            Checkpoint checkpoint,
            Optional<Adapter> adapter) {
        this(reference, folder, config, architecture, checkpoint, adapter, Optional.empty());
    }

    /// Opens the model of a reference. All errors are added to `problems`; the result is empty if
    /// the folder cannot be used.
    ///
    /// @param models finds the folders that references name
    public static Optional<ModelFolder> open(
            ModelReference reference, ModelLocator models, Problems problems) {
        String where = reference.toString();
        Optional<WeightFolder> found =
                models.find(reference.path(), reference.revision(), where, problems);
        Optional<Adapter> adapter =
                reference.adapter().flatMap(a -> adapter(a, where, models, problems));
        if (found.isEmpty() || adapter.isPresent() != reference.adapter().isPresent()) {
            return Optional.empty();
        }
        return open(reference, found.get(), adapter, problems);
    }

    /// Opens the adapter that a reference names; empty if it cannot be used.
    public static Optional<Adapter> adapter(
            AdapterReference reference, String model, ModelLocator models, Problems problems) {
        String where = "adapter '" + reference + "' of '" + model + "'";
        return models.find(reference.path(), reference.revision(), where, problems)
                .flatMap(folder -> Adapter.open(folder, model, problems));
    }

    private static Optional<ModelFolder> open(
            ModelReference reference,
            WeightFolder found,
            Optional<Adapter> adapter,
            Problems problems) {
        String where = reference.toString();
        Path folder = found.path();
        if (found.holds(Adapter.CONFIG) && !found.holds("config.json")) {
            problems.add(
                    Problem.input(where, "an adapter without the model that it changes")
                            .hint(
                                    "write 'model+adapter', or list adapters only, without a"
                                            + " base_model, to merge them with each other"));
            return Optional.empty();
        }
        try {
            Optional<Problem> unreadable = BareFile.onlyGguf(where, found.names());
            if (unreadable.isPresent()) {
                problems.add(unreadable.get());
                return Optional.empty();
            }
            String configName = where + "/config.json";
            Optional<Problem> lacking = BareFile.withoutConfig(configName, found);
            if (lacking.isPresent()) {
                problems.add(lacking.get());
                return Optional.empty();
            }
            ModelConfig config =
                    new ModelConfig(
                            configName,
                            ConfigJson.readObject(folder.resolve("config.json"), configName));
            int before = problems.all().size();
            Checkpoint checkpoint = Checkpoint.open(found, FORMATS, problems);
            boolean refused =
                    problems.all().stream()
                            .skip(before)
                            .anyMatch(p -> p.severity() == jmergekit.problem.Severity.ERROR);
            if (refused || isEmpty(checkpoint, where, problems)) {
                return Optional.empty();
            }
            String architecture = reference.overrideArchitecture().orElseGet(config::architecture);
            return Optional.of(
                    new ModelFolder(reference, folder, config, architecture, checkpoint, adapter));
        } catch (MergeException e) {
            problems.add(e);
            return Optional.empty();
        }
    }

    /// A training state saved under the name of a weight file has no tensors, or only counters.
    private static boolean isEmpty(Checkpoint checkpoint, String where, Problems problems) {
        List<TensorSpec> tensors = checkpoint.tensors();
        boolean weights =
                tensors.stream().anyMatch(t -> t.dtype().isFloat() && t.shape().elements() > 0);
        if (!weights) {
            problems.add(
                    Problem.input(where, "its weight files hold no weights")
                            .expected("floating-point tensors")
                            .found(
                                    tensors.isEmpty()
                                            ? "no tensors"
                                            : "only %s, such as '%s' %s %s"
                                                    .formatted(
                                                            count(tensors.size()),
                                                            tensors.getFirst().name(),
                                                            tensors.getFirst().dtype(),
                                                            tensors.getFirst().shape()))
                            .hint("give the folder to which the model itself was saved"));
        }
        return !weights;
    }

    private static String count(int tensors) {
        return tensors == 1 ? "1 tensor" : tensors + " tensors";
    }

    /// The folder of the tokenizer's files: the adapter's, if it has its own tokenizer.
    public Path tokenizerFolder() {
        return adapter.map(Adapter::folder)
                .filter(f -> VOCABULARIES.stream().anyMatch(n -> Files.exists(f.resolve(n))))
                .orElse(ownTokenizer.orElse(folder));
    }

    /// Whether the model is the result of a recipe, so that it has no folder.
    public boolean isMade() {
        return !checkpoint.isInFiles();
    }

    /// Whether the adapter has its own tokenizer.
    public boolean hasAdaptersTokenizer() {
        return adapter.filter(a -> a.folder().equals(tokenizerFolder())).isPresent();
    }

    /// The folders by their names in plans: the model's, if it has one, then the adapter's.
    public Map<String, Path> namedFolders() {
        Map<String, Path> folders = new LinkedHashMap<>();
        if (!isMade()) {
            folders.put(reference.folderName(), folder);
        }
        reference
                .adapter()
                .ifPresent(a -> folders.put(a.toString(), adapter.orElseThrow().folder()));
        return folders;
    }

    /// The commit of the hub's repository for a file in the cache; empty for any other file.
    public static String commit(Path file) {
        Path folder = file.getParent();
        boolean cached =
                folder != null
                        && folder.getParent() != null
                        && folder.getParent().endsWith("snapshots")
                        && COMMIT.matcher(folder.getFileName().toString()).matches();
        return cached ? folder.getFileName().toString() : "";
    }

    /// A file of the model or its adapter as it is described in plans.
    public InputFile inputFile(WeightHeader header) {
        boolean ofAdapter = adapter.filter(a -> header.file().startsWith(a.folder())).isPresent();
        boolean nested = ofAdapter && adapter.get().folder().equals(folder);
        boolean own = !ofAdapter || nested && checkpoint.holds(header);
        return new InputFile(
                own ? reference.folderName() : reference.adapter().orElseThrow().toString(),
                header.fileName(),
                header.fileSize(),
                own ? checkpoint.digest(header) : header.digest(),
                commit(header.file()));
    }

    /// The states of the folders' files before any of them was read.
    public List<FolderState> states() {
        return Stream.concat(
                        Stream.of(checkpoint.state()).filter(_ -> !isMade()),
                        adapter.map(Adapter::state).stream())
                .toList();
    }

    /// The folders that are read.
    public List<Path> folders() {
        return Stream.concat(
                        Stream.of(folder).filter(_ -> !isMade()),
                        adapter.map(Adapter::folder).stream())
                .toList();
    }
}
