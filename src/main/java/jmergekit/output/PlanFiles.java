package jmergekit.output;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BinaryOperator;
import java.util.function.Predicate;
import jmergekit.plan.Plan;
import jmergekit.plan.PlannedFile;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;
import jmergekit.weights.IoReason;

/// Collects the files of an output besides the weights, and the folders that they are from.
final class PlanFiles {
    private final PendingFiles pending;
    private final Map<String, Path> folders = new LinkedHashMap<>();
    private final List<PlannedFile> files = new ArrayList<>();

    /// @param folders that tensors are read from, by name
    PlanFiles(Map<String, Path> folders, PendingFiles pending) {
        this.pending = pending;
        this.folders.putAll(folders);
    }

    /// The folders by what the plan calls them.
    Map<String, Path> folders() {
        return folders;
    }

    /// In the order of writing.
    List<PlannedFile> list() {
        return files;
    }

    void text(String name, String text) {
        files.add(new PlannedFile.Text(name, text));
    }

    /// Copies files of a folder, sorted by name.
    ///
    /// @param name of the folder if it has none yet
    /// @param there files that are on disk
    /// @param wanted which others are copied when they are there
    void copy(Path folder, String name, List<SideFile> there, Predicate<String> wanted) {
        String known = name(folder, name);
        Map<String, Long> sizes = new TreeMap<>(pending.of(folder, wanted));
        for (SideFile file : there) {
            sizes.put(file.name(), size(file.source()));
        }
        sizes.forEach((path, size) -> files.add(new PlannedFile.Copy(path, known, path, size)));
    }

    /// Brings the files that are there into the order of their names.
    void sort() {
        files.sort(Comparator.comparing(PlannedFile::name));
    }

    private String name(Path folder, String name) {
        for (Map.Entry<String, Path> entry : folders.entrySet()) {
            if (entry.getValue().equals(folder)) {
                return entry.getKey();
            }
        }
        folders.put(name, folder);
        return name;
    }

    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            throw new MergeException(
                    Problem.input(file.toString(), "cannot be read: " + IoReason.of(e)), e);
        }
    }

    /// A plan with its cards: a README, a copy of the recipe, and the hash beside that.
    ///
    /// @param title of the README; without one there are no cards
    /// @param readme its text, from the title and the hash
    /// @param recipe name of the copy, as in `mergekit_config.yml`
    static Plan withCards(
            Plan plan,
            Optional<String> title,
            BinaryOperator<String> readme,
            String recipe,
            String text) {
        if (title.isEmpty()) {
            return plan;
        }
        String hash = plan.hash();
        return plan.withCards(
                List.of(
                        new PlannedFile.Text("README.md", readme.apply(title.get(), hash)),
                        new PlannedFile.Text(recipe, text),
                        new PlannedFile.Text(
                                recipe.replaceFirst("\\.yml$", ".plan.json"),
                                "{\n  \"plan\": \"%s\"\n}\n".formatted(hash))));
    }
}
