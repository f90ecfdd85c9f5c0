package jmergekit.model;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import jmergekit.problem.Problem;
import jmergekit.problem.Problems;
import jmergekit.problem.ShortList;
import jmergekit.safetensors.SafetensorsHeader;
import jmergekit.torchfile.TorchHeader;
import jmergekit.weights.Checkpoint;
import jmergekit.weights.FolderState;
import jmergekit.weights.WeightFormat;
import jmergekit.weights.WeightHeader;

/// A model that consists only of tensors: a file or a set of shards, without a configuration. No
/// tensor data is read, and a model on the hub need not be downloaded.
///
/// @param repository the hub's repository, if it comes from there
public record LooseWeights(
        ModelReference reference, Checkpoint checkpoint, Optional<String> repository) {
    /// Formats by rank; their files may have any name.
    static final List<WeightFormat> FORMATS =
            List.of(SafetensorsHeader.ANY_NAME, TorchHeader.TRAINING);

    private static final int SHOWN = 4;

    /// Opens the model of a reference. All errors are added to `problems`; the result is empty if
    /// the model cannot be used.
    public static Optional<LooseWeights> open(
            ModelReference reference, ModelLocator models, Problems problems) {
        String where = reference.toString();
        if (reference.adapter().isPresent()) {
            problems.add(
                    Problem.input(where, "an adapter cannot be applied to loose tensors")
                            .hint("merge it into its model with mergekit-yaml first"));
            return Optional.empty();
        }
        if (reference.overrideArchitecture().isPresent()) {
            problems.add(
                    Problem.input(where, "'override_architecture' has no effect on loose tensors")
                            .asWarning());
        }
        Problems own = new Problems();
        Optional<LooseFiles> files = new LooseLocator(models, own).find(reference);
        Optional<LooseWeights> weights =
                files.map(f -> new LooseWeights(reference, read(f, reference, own), f.repository()))
                        .filter(_ -> !own.hasErrors());
        weights.ifPresent(w -> w.check(own));
        problems.addAll(own);
        return weights.filter(_ -> !own.hasErrors());
    }

    private static Checkpoint read(LooseFiles files, ModelReference given, Problems problems) {
        Problems found = new Problems();
        Checkpoint checkpoint = Checkpoint.open(files.folder(), files.formats(), found);
        GivenPath path = new GivenPath(given.path(), files.folder().path());
        found.all().forEach(p -> problems.add(p.of(path.of(p.where()))));
        return checkpoint;
    }

    private void check(Problems problems) {
        String where = reference.toString();
        if (checkpoint.tensors().isEmpty()) {
            problems.add(Problem.input(where, "holds no tensors"));
        }
        for (WeightHeader header : checkpoint.headers()) {
            if (header instanceof TorchHeader torch && !torch.leftAside().isEmpty()) {
                problems.add(
                        Problem.input(
                                        where,
                                        "objects that are not tensors were skipped: "
                                                + ShortList.of(torch.leftAside(), SHOWN))
                                .asWarning());
            }
        }
    }

    /// The places in its files where the tensors were found, in words.
    public List<String> notes() {
        Set<String> places = new LinkedHashSet<>();
        for (WeightHeader header : checkpoint.headers()) {
            if (header instanceof TorchHeader torch && !torch.keys().isEmpty()) {
                places.add("%s: the tensors under '%s'".formatted(reference, torch.keys()));
            }
        }
        return List.copyOf(places);
    }

    /// The metadata of its first file, except the entry for PyTorch's format.
    public Map<String, String> metadata() {
        Map<String, String> metadata = new LinkedHashMap<>();
        checkpoint.headers().stream()
                .findFirst()
                .filter(SafetensorsHeader.class::isInstance)
                .ifPresent(h -> metadata.putAll(((SafetensorsHeader) h).metadata()));
        metadata.remove("format", "pt");
        return metadata;
    }

    /// The name of its folder in plans.
    public String folderName() {
        return reference.folderName();
    }

    /// A file as it is described in plans.
    public InputFile inputFile(WeightHeader header) {
        return new InputFile(
                folderName(),
                header.fileName(),
                header.fileSize(),
                checkpoint.digest(header),
                commit(header.file()));
    }

    // A file may be in a subfolder of its repository.
    private static String commit(Path file) {
        for (Path at = file; at != null; at = at.getParent()) {
            String commit = ModelFolder.commit(at);
            if (!commit.isEmpty()) {
                return commit;
            }
        }
        return "";
    }

    /// The commit of its repository on the hub; empty for files on disk.
    public String commit() {
        return commit(checkpoint.folder().resolve("-"));
    }

    /// The states of the files before any of them was read.
    public FolderState state() {
        return checkpoint.state();
    }

    /// The files.
    public List<Path> files() {
        return checkpoint.headers().stream().map(WeightHeader::file).toList();
    }
}
