package jmergekit.bench;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/// The bench's folder: models that later runs reuse, and outputs that are deleted once they are
/// timed.
final class Workspace {
    private static final String MARKER = "jmergekit-bench.txt";

    /// Increase this if the generated models change; existing ones are then generated again.
    private static final String VERSION = "models of version 1\n";

    private final Path root;
    private final ModelSet models;

    private Workspace(Path root, ModelSet models) {
        this.root = root;
        this.models = models;
    }

    /// Creates the folder or reuses one of an earlier run; refuses one that contains anything else.
    ///
    /// @param models that methods are timed with
    static Workspace open(Path root, ModelSet models) throws IOException {
        Files.createDirectories(root);
        Path marker = root.resolve(MARKER);
        Workspace workspace = new Workspace(root, models);
        if (!Files.exists(marker)) {
            try (Stream<Path> files = Files.list(root)) {
                if (files.findAny().isPresent()) {
                    throw new BenchException(
                            root
                                    + ": not a folder of the bench, and not empty; give another"
                                    + " --dir");
                }
            }
        } else if (!Files.readString(marker).equals(VERSION)) {
            workspace.deleteModels();
        }
        Files.writeString(marker, VERSION);
        return workspace;
    }

    private void deleteModels() throws IOException {
        for (ModelSet set :
                List.of(ModelSet.ofLayers(ModelSet.LAYERS), ModelSet.TINY, ModelSet.LARGE_TENSOR)) {
            delete(folder(set));
        }
        try (Stream<Path> files = Files.list(root)) {
            for (Path file : files.toList()) {
                if (file.getFileName().toString().startsWith(ModelSet.LAYERS_FOLDER)) {
                    delete(file);
                }
            }
        }
    }

    Path root() {
        return root;
    }

    ModelSet models() {
        return models;
    }

    Path folder(ModelSet set) {
        return root.resolve(set.folder());
    }

    private Path folder(ModelSet set, String model) {
        return folder(set).resolve(model);
    }

    Path log(String name) {
        return root.resolve(name + ".log");
    }

    Path output(String name) {
        return root.resolve("out").resolve(name);
    }

    /// Writes a recipe for the models of a set.
    Path recipe(Scenario scenario, ModelSet set) throws IOException {
        Path file = folder(set).resolve(scenario.name() + ".yml");
        return Files.writeString(file, scenario.recipe(folder(set), set.shape()));
    }

    /// Disk space needed for the missing models of a set.
    long missingBytes(ModelSet set) {
        long missing = ModelSet.MODELS.stream().filter(m -> !Files.exists(folder(set, m))).count();
        return set.filling() == ModelSet.Filling.ALL ? missing * set.bytes() : 0;
    }

    /// Makes the missing models of a set.
    void make(ModelSet set) throws IOException {
        for (String model : ModelSet.MODELS) {
            Path folder = folder(set, model);
            if (Files.exists(folder)) {
                continue;
            }
            long start = System.nanoTime();
            Path partial = folder.resolveSibling(model + ".partial");
            delete(partial);
            Files.createDirectories(partial);
            new ModelWriter(set, model).write(partial);
            Files.move(partial, folder);
            Progress.say("made %s in %.1f s", folder, (System.nanoTime() - start) * 1e-9);
        }
    }

    /// All files of some models of a set.
    List<Path> files(ModelSet set, List<String> models) throws IOException {
        List<Path> all = new ArrayList<>();
        for (String model : models) {
            try (Stream<Path> files = Files.list(folder(set, model))) {
                all.addAll(files.sorted().toList());
            }
        }
        return all;
    }

    /// The weight files of some models of a set.
    List<Path> weightFiles(ModelSet set, List<String> models) throws IOException {
        List<Path> files = new ArrayList<>();
        for (String model : models) {
            files.addAll(weightFiles(folder(set, model)));
        }
        return files;
    }

    /// The weight files of a model's folder; none if there is no such folder.
    static List<Path> weightFiles(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(f -> f.toString().endsWith(".safetensors")).sorted().toList();
        }
    }

    static long bytes(List<Path> files) throws IOException {
        long sum = 0;
        for (Path file : files) {
            sum += Files.size(file);
        }
        return sum;
    }

    /// A file of exactly this size, assembled from weights.
    Path fileOf(long bytes) throws IOException {
        Path file = root.resolve("copied.bin");
        delete(file);
        long left = bytes;
        try (FileChannel target =
                FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            for (Path source : weightFiles(models, ModelSet.MODELS)) {
                left -= append(source, target, left);
            }
        }
        return file;
    }

    private static long append(Path source, FileChannel target, long most) throws IOException {
        try (FileChannel channel = FileChannel.open(source)) {
            long end = Math.min(channel.size(), most);
            long done = 0;
            while (done < end) {
                done += channel.transferTo(done, end - done, target);
            }
            return end;
        }
    }

    /// Deletes a file or folder, if it exists.
    void delete(Path path) throws IOException {
        if (!path.startsWith(root)) {
            throw new IllegalArgumentException("not in the bench's folder: " + path);
        }
        if (Files.exists(path)) {
            try (Stream<Path> files = Files.walk(path)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }
}
