package jmergekit.output;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;
import jmergekit.problem.Problems;
import jmergekit.weights.FolderFile;
import jmergekit.weights.JsonTree;
import tools.jackson.databind.JsonNode;

/// The donor's files that a loader needs besides weights and config.json: tokenizer, generation
/// config, chat templates, processors, remote code, licences, and the folders of a sentence
/// encoder.
public final class SideFiles {
    private static final Pattern COMPANION =
            Pattern.compile(".+\\.(json|txt|model|jinja|py|tiktoken|spm|vocab|bpe)");
    private static final Pattern LEGAL = Pattern.compile("(license|notice|use_policy).*");
    private static final Pattern WEIGHTS =
            Pattern.compile(
                    ".+\\.(safetensors|bin|pt|pth|gguf|onnx|h5|msgpack|ot)|.+\\.index\\.json");

    /// Files that are generated, or that describe only the donor: its card, training, adapter, and
    /// `params.json`, which belongs to a second copy of the weights in the original vendor's
    /// layout.
    private static final Pattern DONORS_OWN =
            Pattern.compile(
                    "config\\.json|readme.*|adapter_.*|params\\.json|trainer_state\\.json|.*\\.plan\\.json"
                            + "|mergekit_tokensurgeon\\.json|quantisation_errors\\.json"
                            + "|(all|train|eval)_results\\.json");

    /// The tokenizer's files, and the generation config, which contains token ids.
    private static final Pattern TOKENIZER =
            Pattern.compile(
                    "generation_config\\.json|tokenizer.*\\.json|vocab\\.(json|txt)|merges\\.txt|special_tokens_map\\.json"
                            + "|added_tokens\\.json|chat_template\\..*|tekken\\.json"
                            + "|normalizer\\.json|.+\\.(model|tiktoken|spm|vocab|bpe)");

    static final String GENERATION_CONFIG = "generation_config.json";

    private static final String TEMPLATES = "additional_chat_templates";

    /// The paths in real sentence encoders are no more complex than this.
    private static final Pattern PLAIN_PATH =
            Pattern.compile("[\\w-][\\w. -]*(/[\\w-][\\w. -]*)*", Pattern.UNICODE_CHARACTER_CLASS);

    private static final int LONGEST_PATH = 255;
    private static final int MAX_MODULES_BYTES = 1 << 20;

    private final Path donor;
    private final SortedMap<String, Path> found = new TreeMap<>();
    private final Problems refused = new Problems();

    private SideFiles(Path donor) {
        this.donor = donor;
    }

    /// The files, sorted by name. In a hub cache all files are links; any other link that leads out
    /// of the folder is refused.
    ///
    /// @param copyTokenizer whether they include the tokenizer's files
    /// @throws MergeException if the folder or its modules.json cannot be read, if modules.json
    ///     names a folder outside the donor's, or if a file is a link that leads out of it
    public static List<SideFile> of(Path donorFolder, boolean copyTokenizer) {
        SideFiles files = new SideFiles(donorFolder);
        try {
            List<String> modules = files.moduleFolders();
            files.addAll(modules, wanted(modules, copyTokenizer));
            files.refused.throwIfErrors();
        } catch (IOException e) {
            throw unreadable(donorFolder, e);
        }
        return files.found.entrySet().stream()
                .map(e -> new SideFile(e.getKey(), e.getValue()))
                .toList();
    }

    /// The same for a donor whose tokenizer has a separate folder.
    public static List<SideFile> of(Path donorFolder, Path tokenizerFolder, boolean copyTokenizer) {
        if (!copyTokenizer || donorFolder.equals(tokenizerFolder)) {
            return of(donorFolder, copyTokenizer);
        }
        return Stream.concat(
                        of(donorFolder, true).stream().filter(f -> !isOfTokenizer(f.name())),
                        tokenizer(tokenizerFolder).stream())
                .sorted(Comparator.comparing(SideFile::name))
                .toList();
    }

    /// The files of the tokenizer, without the generation config.
    public static List<SideFile> tokenizer(Path folder) {
        return of(folder, true).stream().filter(f -> isOfTokenizer(f.name())).toList();
    }

    /// The weights among the files in the folders of a sentence encoder's modules.
    static List<SideFile> weights(Path folder) {
        return of(folder, true).stream()
                .filter(f -> f.name().indexOf('/') >= 0)
                .filter(f -> matches(WEIGHTS, f.name().substring(f.name().lastIndexOf('/') + 1)))
                .toList();
    }

    /// Whether a path in a model's folder is one of [#tokenizer].
    static boolean isOfTokenizer(String path) {
        return path.startsWith(TEMPLATES + "/")
                || matches(TOKENIZER, path) && !path.equals(GENERATION_CONFIG);
    }

    /// Selects these files by their path in the donor's folder, for a donor that is not completely
    /// downloaded yet; its modules.json must exist, if it has one.
    public static Predicate<String> wanted(Path donorFolder, boolean copyTokenizer) {
        try {
            return wanted(new SideFiles(donorFolder).moduleFolders(), copyTokenizer);
        } catch (IOException e) {
            throw unreadable(donorFolder, e);
        }
    }

    private static Predicate<String> wanted(List<String> modules, boolean copyTokenizer) {
        return path -> {
            int slash = path.lastIndexOf('/');
            String folder = path.substring(0, Math.max(0, slash));
            String name = path.substring(slash + 1);
            if (name.startsWith(".")) {
                return false;
            }
            if (folder.isEmpty()) {
                return isCompanion(name) && (copyTokenizer || !matches(TOKENIZER, name));
            }
            return folder.equals(TEMPLATES) && copyTokenizer && matches(COMPANION, name)
                    || modules.contains(folder) && isOfModule(name);
        };
    }

    private static MergeException unreadable(Path donorFolder, IOException e) {
        return new MergeException(
                Problem.input(donorFolder.toString(), "cannot be read: " + e.getMessage()), e);
    }

    private static boolean isCompanion(String name) {
        return (matches(COMPANION, name) || matches(LEGAL, name))
                && !matches(WEIGHTS, name)
                && !matches(DONORS_OWN, name);
    }

    // The weights of a pooling or dense module are not merged: the donor's are used.
    private static boolean isOfModule(String name) {
        return matches(COMPANION, name) || matches(WEIGHTS, name);
    }

    private static boolean matches(Pattern pattern, String name) {
        return pattern.matcher(name.toLowerCase(Locale.ROOT)).matches();
    }

    private void add(String prefix, Predicate<String> wanted) throws IOException {
        Path folder = donor.resolve(prefix);
        if (!Files.isDirectory(folder)) {
            return;
        }
        if (!folder.toRealPath().startsWith(donor.toRealPath())) {
            throw outside(folder.toString(), "a link");
        }
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.sorted().toList()) {
                String name = file.getFileName().toString();
                if (wanted.test(prefix + name) && Files.isRegularFile(file)) {
                    FolderFile.problem(donor, file, file.toString()).ifPresent(refused::add);
                    found.put(prefix + name, file);
                }
            }
        }
    }

    /// Finds files that a folder must not contain, before they are copied.
    ///
    /// @param wanted selects the files to copy, by their path in the folder
    public static void check(Path folder, Predicate<String> wanted, Problems problems) {
        SideFiles files = new SideFiles(folder);
        try {
            files.addAll(files.moduleFolders(), wanted);
            problems.addAll(files.refused);
        } catch (IOException e) {
            problems.add(unreadable(folder, e));
        } catch (MergeException e) {
            problems.add(e);
        }
    }

    private void addAll(List<String> modules, Predicate<String> wanted) throws IOException {
        add("", wanted);
        add(TEMPLATES + "/", wanted);
        for (String folder : modules) {
            add(folder + "/", wanted);
        }
    }

    /// The folders in modules.json, except the folder of the transformer itself.
    private List<String> moduleFolders() throws IOException {
        Path file = donor.resolve("modules.json");
        List<String> folders = new ArrayList<>();
        if (!Files.isRegularFile(file)) {
            return folders;
        }
        FolderFile.check(donor, file, file.toString());
        for (JsonNode module : JsonTree.read(file, MAX_MODULES_BYTES, file.toString()).values()) {
            String folder = module.path("path").asString("");
            if (folder.isEmpty() || module.path("type").asString("").endsWith(".Transformer")) {
                continue;
            }
            if (folder.length() > LONGEST_PATH || !PLAIN_PATH.matcher(folder).matches()) {
                throw outside(file.toString(), "'" + folder + "'");
            }
            folders.add(folder);
        }
        return folders;
    }

    private static MergeException outside(String where, String found) {
        return new MergeException(
                Problem.input(where, "refused, since it leads out of the model's folder")
                        .expected("a plain folder name such as '1_Pooling'")
                        .found(found));
    }
}
