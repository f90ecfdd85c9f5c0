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

/// Collects the files of an output other than the weights, and their source folders.
final class PlanFiles {
    private final PendingFiles pending;
    private final Map<String, Path> folders = new LinkedHashMap<>();
    private final List<PlannedFile> files = new ArrayList<>();

    /// @param folders the folders of the tensors that are read, by name
    PlanFiles(Map<String, Path> folders, PendingFiles pending) {
        this.pending = pending;
        this.folders.putAll(folders);
    }

    /// The folders by their names in the plan.
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
    /// @param name for the folder if it has none yet
    /// @param there files that are on disk
    /// @param wanted selects other files, which are copied once they are downloaded
    void copy(Path folder, String name, List<SideFile> there, Predicate<String> wanted) {
        String known = name(folder, name);
        Map<String, Long> sizes = new TreeMap<>(pending.of(folder, wanted));
        for (SideFile file : there) {
            sizes.put(file.name(), size(file.source()));
        }
        sizes.forEach((path, size) -> files.add(new PlannedFile.Copy(path, known, path, size)));
    }

    /// Sorts the files collected so far by name.
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

    /// A plan with its cards: a README, a copy of the recipe, and the hash next to it.
    ///
    /// @param title the title of the README; without one there are no cards
    /// @param readme makes its text, from the title and the hash
    /// @param recipe the name of the copy, as in `mergekit_config.yml`
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
