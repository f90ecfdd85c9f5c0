package jmergekit.publish;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// The content of a folder: files that a run wrote, and others.
///
/// A run's files are those that the folder's [Manifest] lists and that have not changed since.
/// Versions without manifests wrote a recipe or a card that identifies the folder; there, a model's
/// usual files count.
///
/// @param isOurs whether a run wrote the folder
/// @param ours paths of files that a run wrote; only these may be deleted
/// @param others paths in the folder of files and folders that a run did not write, or that changed
///     since; incomplete if there are many
public record FolderContent(boolean isOurs, List<Path> ours, List<String> others) {
    /// The search stops at this number.
    private static final int MOST_OTHERS = 20;

    private static final int CARD_BYTES = 1 << 16;

    private static final Set<String> RECIPES =
            Set.of("mergekit_config.yml", "mergekit_moe_config.yml");

    /// Files that earlier versions wrote and nobody else puts next to a model.
    private static final Pattern EARLIER =
            Pattern.compile(
                    "(config|generation_config|adapter_config|(pre)?processor_config)\\.json"
                            + "|model(-\\d{5}-of-\\d{5})?\\.safetensors(\\.index\\.json)?"
                            + "|adapter_model\\.safetensors|README\\.md|mergekit(_moe)?_config\\.yml"
                            + "|tokenizer(_config)?\\.json|vocab\\.(json|txt)|merges\\.txt"
                            + "|special_tokens_map\\.json|added_tokens\\.json|tekken\\.json"
                            + "|chat_template\\.(json|jinja)|normalizer\\.json"
                            + "|(tokenizer|spiece|sentencepiece\\.bpe)\\.model"
                            + "|(LICENSE|NOTICE|USE_POLICY)(\\.(txt|md))?");

    /// Whether all of it may be deleted.
    public boolean isReplaceable() {
        return isOurs && others.isEmpty();
    }

    /// The first few of the others, for messages.
    public String othersText() {
        int shown = Math.min(5, others.size());
        String text = String.join("', '", others.subList(0, shown));
        return "'" + text + "'" + (shown < others.size() ? " and more" : "");
    }

    /// Inspects a whole folder. Links are not followed.
    public static FolderContent of(Path folder) throws IOException {
        Optional<Manifest> manifest = Manifest.read(folder);
        boolean earlier = manifest.isEmpty() && isEarlierOutput(folder);
        Look look = new Look(folder, manifest, earlier);
        Files.walkFileTree(folder, look);
        boolean isOurs = manifest.isPresent() || earlier;
        return new FolderContent(isOurs, look.ours, look.others.stream().sorted().toList());
    }

    public static boolean isEmpty(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.findAny().isEmpty();
        }
    }

    private static boolean isEarlierOutput(Path folder) {
        return RECIPES.stream().anyMatch(name -> Files.isRegularFile(folder.resolve(name)))
                || cardNamesUs(folder.resolve("README.md"));
    }

    private static boolean cardNamesUs(Path card) {
        if (!Files.isRegularFile(card)) {
            return false;
        }
        try (var in = Files.newInputStream(card)) {
            return new String(in.readNBytes(CARD_BYTES), StandardCharsets.UTF_8)
                    .contains("jmergekit");
        } catch (IOException e) {
            return false;
        }
    }

    private static final class Look extends SimpleFileVisitor<Path> {
        private final Path folder;
        private final Optional<Manifest> manifest;
        private final boolean earlier;
        private final List<Path> ours = new ArrayList<>();
        private final List<String> others = new ArrayList<>();

        Look(Path folder, Optional<Manifest> manifest, boolean earlier) {
            this.folder = folder;
            this.manifest = manifest;
            this.earlier = earlier;
        }

        @Override
        public FileVisitResult preVisitDirectory(Path visited, BasicFileAttributes attributes) {
            String name = name(visited);
            if (name.isEmpty() || holdsListed(name)) {
                return FileVisitResult.CONTINUE;
            }
            return other(name + "/", FileVisitResult.SKIP_SUBTREE);
        }

        private boolean holdsListed(String name) {
            return manifest.isPresent()
                    && manifest.get().files().keySet().stream()
                            .anyMatch(f -> f.startsWith(name + "/"));
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            String name = name(file);
            boolean known =
                    manifest.map(m -> m.matches(folder, name)).orElse(false)
                            || earlier && EARLIER.matcher(name).matches()
                            || name.equals(Manifest.NAME) && manifest.isPresent()
                            || name.equals(RunLock.NAME);
            if (known && attributes.isRegularFile()) {
                ours.add(file);
                return FileVisitResult.CONTINUE;
            }
            return other(name, FileVisitResult.CONTINUE);
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException failure) {
            return other(name(file), FileVisitResult.CONTINUE);
        }

        private FileVisitResult other(String name, FileVisitResult next) {
            others.add(name);
            return others.size() < MOST_OTHERS ? next : FileVisitResult.TERMINATE;
        }

        private String name(Path path) {
            return folder.relativize(path).toString().replace('\\', '/');
        }
    }
}
