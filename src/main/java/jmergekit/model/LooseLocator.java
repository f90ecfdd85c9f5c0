package jmergekit.model;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import jmergekit.hub.RepoId;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;
import jmergekit.problem.Problems;
import jmergekit.weights.LocalPath;
import jmergekit.weights.WeightFolder;
import jmergekit.weights.WeightFormat;

/// Finds the files of a model of loose tensors: a weight file, an index of shards, or a folder; on
/// disk, in a store or in a repository of the hub.
record LooseLocator(ModelLocator models, Problems problems) {
    private static final Pattern WEIGHTS =
            Pattern.compile(".*\\.(safetensors|bin|pt|pth|ckpt)", Pattern.CASE_INSENSITIVE);
    private static final Pattern INDEX = Pattern.compile("(.+\\.(safetensors|bin))\\.index\\.json");
    private static final Pattern SHARD = Pattern.compile("(.+)-\\d{5,9}-of-(\\d{5,9})\\.[A-Za-z]+");

    /// `organisation/name/path/in/the/repository`
    private static final Pattern IN_REPOSITORY = Pattern.compile("([^/]+/[^/]+)/(.+)");

    private static final String EXPECTED =
            "a *.safetensors, *.bin, *.pt, *.pth or *.ckpt file, an index of shards, or a folder";

    Optional<LooseFiles> find(ModelReference reference) {
        String where = reference.toString();
        if (ModelLocator.isInStore(reference.path())) {
            return inStore(reference, where);
        }
        Path path;
        try {
            path = LocalPath.of(reference.path(), models.workingDirectory()).normalize();
        } catch (InvalidPathException e) {
            problems.add(Problem.input(where, "not a valid path"));
            return Optional.empty();
        }
        try {
            if (Files.isDirectory(path)) {
                return models.find(reference.path(), reference.revision(), where, problems)
                        .flatMap(folder -> inFolder(folder, Optional.empty(), where));
            }
            if (Files.exists(path)) {
                return onDisk(path, reference, where);
            }
            return onHub(path, reference, where);
        } catch (MergeException e) {
            problems.add(e);
            return Optional.empty();
        }
    }

    private Optional<LooseFiles> onDisk(Path path, ModelReference reference, String where) {
        if (reference.revision().isPresent()) {
            problems.add(
                    Problem.input(
                                    where,
                                    "a file on disk has no revisions; '@' and the text after it"
                                            + " are ignored")
                            .asWarning());
        }
        String name = path.getFileName().toString();
        return isIndex(name)
                ? Optional.of(
                        indexed(WeightFolder.onDisk(path.getParent()), name, Optional.empty()))
                : file(WeightFolder.ofFile(path), name, Optional.empty(), where);
    }

    private Optional<LooseFiles> inStore(ModelReference reference, String where) {
        String path = reference.path();
        if (!WEIGHTS.matcher(path).matches() && !isIndex(path)) {
            return models.inStore(path, reference.revision(), where, problems)
                    .flatMap(f -> inFolder(f, Optional.empty(), where));
        }
        int slash = path.lastIndexOf('/');
        String name = path.substring(slash + 1);
        Optional<WeightFolder> folder =
                models.inStore(path.substring(0, slash), reference.revision(), where, problems);
        if (folder.isPresent() && !folder.get().holds(name)) {
            problems.add(Problem.input(where, "the store has no such object"));
            return Optional.empty();
        }
        return isIndex(name)
                ? folder.map(f -> indexed(f, name, Optional.empty()))
                : folder.flatMap(
                        f -> file(WeightFolder.ofFile(f, name), name, Optional.empty(), where));
    }

    private Optional<LooseFiles> onHub(Path path, ModelReference reference, String where) {
        String text = reference.path();
        Matcher file = IN_REPOSITORY.matcher(text);
        boolean isFile = WEIGHTS.matcher(text).matches() || isIndex(text);
        Optional<RepoId> repository =
                ModelLocator.isPlainlyLocal(text)
                        ? Optional.empty()
                        : isFile
                                ? file.matches() ? RepoId.of(file.group(1)) : Optional.empty()
                                : RepoId.of(text);
        if (repository.isEmpty()) {
            problems.add(
                    Problem.input(where, "no such file")
                            .expected(EXPECTED)
                            .hint(
                                    "check the path; relative ones count from the working"
                                            + " directory, and"
                                            + " files of the hub are written"
                                            + " 'organisation/name/file.safetensors'"));
            return Optional.empty();
        }
        Optional<WeightFolder> found =
                models.onHub(
                        repository.get(),
                        reference.revision(),
                        name -> isIndex(name),
                        where,
                        isFile ? "file" : "folder",
                        path,
                        problems);
        if (found.isEmpty() || !isFile) {
            return found.flatMap(f -> inFolder(f, Optional.of(text), where));
        }
        String inside = file.group(2);
        if (!found.get().holds(inside)) {
            problems.add(
                    Problem.input(
                                    where,
                                    "repository '%s' has no file '%s'"
                                            .formatted(repository.get(), inside))
                            .hint("there is no file '" + path + "' either"));
            return Optional.empty();
        }
        Optional<String> id = Optional.of(repository.get().toString());
        return isIndex(inside)
                ? indexedInside(found.get(), inside, id, where)
                : file(WeightFolder.ofFile(found.get(), inside), inside, id, where);
    }

    private Optional<LooseFiles> indexedInside(
            WeightFolder repository, String index, Optional<String> id, String where) {
        if (index.indexOf('/') < 0) {
            return Optional.of(indexed(repository, index, id));
        }
        problems.add(
                Problem.input(where, "an index in a folder of a repository is not read")
                        .hint("download the folder, and give its path"));
        return Optional.empty();
    }

    private Optional<LooseFiles> file(
            WeightFolder folder, String name, Optional<String> repository, String where) {
        Optional<WeightFormat> format =
                LooseWeights.FORMATS.stream()
                        .filter(f -> f.weights().matcher(name).matches())
                        .findFirst();
        if (format.isEmpty()) {
            problems.add(BareFile.noWeights(where, name, EXPECTED));
            return Optional.empty();
        }
        Matcher shard = SHARD.matcher(name);
        if (shard.matches() && Integer.parseInt(shard.group(2)) > 1) {
            problems.add(
                    Problem.input(where, "is one of several shards")
                            .expected("all of them")
                            .hint("name their index, '*.index.json', or their folder"));
            return Optional.empty();
        }
        return Optional.of(new LooseFiles(folder, List.of(format.get()), repository));
    }

    private static boolean isIndex(String name) {
        return INDEX.matcher(name).matches();
    }

    /// The shards of an index in the folder.
    private static LooseFiles indexed(
            WeightFolder folder, String index, Optional<String> repository) {
        Matcher name = INDEX.matcher(index);
        if (!name.matches()) {
            throw new IllegalArgumentException(index);
        }
        String single = name.group(1);
        String suffix = "." + name.group(2);
        WeightFormat format =
                LooseWeights.FORMATS.stream()
                        .filter(f -> f.suffix().equals(suffix))
                        .findFirst()
                        .orElseThrow();
        // Other files in the folder are not shards of this model.
        String stem = single.substring(0, single.length() - suffix.length());
        Pattern shards = Pattern.compile(Pattern.quote(stem) + "-.+" + Pattern.quote(suffix));
        return new LooseFiles(
                folder,
                List.of(new WeightFormat(single, shards, WeightFormat.NOTHING, format.reader())),
                repository);
    }

    private Optional<LooseFiles> inFolder(
            WeightFolder folder, Optional<String> repository, String where) {
        List<String> names = folder.names();
        Optional<Problem> gguf = BareFile.onlyGguf(where, names);
        if (gguf.isPresent()) {
            problems.add(gguf.get());
            return Optional.empty();
        }
        if (folder.holds("config.json")) {
            problems.add(
                    Problem.input(where, "its config.json is neither read nor written")
                            .hint(
                                    "mergekit-yaml merges models of transformers with their"
                                            + " configuration and tokenizer")
                            .asWarning());
        }
        List<String> indexes = names.stream().filter(LooseLocator::isIndex).sorted().toList();
        boolean usual = LooseWeights.FORMATS.stream().anyMatch(f -> indexes.contains(f.index()));
        if (usual || indexes.isEmpty()) {
            return Optional.of(new LooseFiles(folder, LooseWeights.FORMATS, repository));
        }
        if (indexes.size() > 1) {
            problems.add(
                    Problem.input(where, "holds several indexes of shards")
                            .found(String.join(", ", indexes))
                            .hint("name one of them"));
            return Optional.empty();
        }
        return Optional.of(indexed(folder, indexes.getFirst(), repository));
    }
}
