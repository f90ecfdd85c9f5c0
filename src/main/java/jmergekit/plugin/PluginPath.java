package jmergekit.plugin;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import jmergekit.problem.Problem;
import jmergekit.problem.Problems;
import jmergekit.weights.IoReason;
import jmergekit.weights.LocalPath;

/// The jars with merge methods that a path list names.
final class PluginPath {
    private final Path workingDirectory;
    private final Problems problems;
    private final List<PluginJar> jars = new ArrayList<>();
    private final Set<Path> met = new HashSet<>();

    private PluginPath(Path workingDirectory, Problems problems) {
        this.workingDirectory = workingDirectory;
        this.problems = problems;
    }

    /// The jars in the order of the list; those of a folder are sorted by name. A jar that occurs
    /// twice is taken once.
    ///
    /// @param text paths, separated as in a class path
    static List<PluginJar> jars(String text, Path workingDirectory, Problems problems) {
        PluginPath path = new PluginPath(workingDirectory, problems);
        Stream.of(text.split(File.pathSeparator))
                .map(String::strip)
                .filter(entry -> !entry.isEmpty())
                .forEach(path::add);
        return path.jars;
    }

    private void add(String entry) {
        Path place;
        try {
            place = LocalPath.of(entry, workingDirectory);
        } catch (InvalidPathException e) {
            problems.add(missing(entry));
            return;
        }
        if (Files.isDirectory(place)) {
            addFolder(entry, place);
        } else if (Files.isRegularFile(place)) {
            jar(entry, place)
                    .filter(jar -> hasMethods(jar, entry))
                    .filter(this::isNew)
                    .ifPresent(jars::add);
        } else {
            problems.add(missing(entry));
        }
    }

    // Jars of a folder without methods are libraries for those with methods.
    private void addFolder(String entry, Path folder) {
        List<Path> files;
        try (Stream<Path> all = Files.list(folder)) {
            files = all.filter(PluginPath::isNamedJar).sorted().toList();
        } catch (IOException e) {
            problems.add(
                    Problem.usage(
                            Plugins.VARIABLE,
                            "folder '%s' cannot be read: %s".formatted(entry, IoReason.of(e))));
            return;
        }
        List<PluginJar> found =
                files.stream()
                        .flatMap(f -> jar(entry + "/" + f.getFileName(), f).stream())
                        .toList();
        List<Path> libraries =
                found.stream().filter(jar -> !jar.hasMethods()).map(PluginJar::file).toList();
        List<PluginJar> plugins = found.stream().filter(PluginJar::hasMethods).toList();
        if (plugins.isEmpty() && found.size() == files.size()) {
            problems.add(
                    Problem.usage(
                                    Plugins.VARIABLE,
                                    "folder '%s' has no jar with merge methods".formatted(entry))
                            .expected("a jar with the entry " + PluginJar.ENTRY)
                            .found(files.isEmpty() ? "no jars" : files.size() + " other jar(s)")
                            .hint("correct the path, or remove it from " + Plugins.VARIABLE));
        }
        plugins.stream().filter(this::isNew).map(jar -> jar.with(libraries)).forEach(jars::add);
    }

    private static boolean isNamedJar(Path file) {
        return file.getFileName().toString().toLowerCase(Locale.ROOT).endsWith(".jar")
                && Files.isRegularFile(file);
    }

    private Optional<PluginJar> jar(String path, Path file) {
        return PluginJar.open(path, file, problems);
    }

    private boolean hasMethods(PluginJar jar, String entry) {
        if (!jar.hasMethods()) {
            problems.add(
                    Problem.usage(entry, "names no merge methods")
                            .expected("the entry " + PluginJar.ENTRY)
                            .hint(
                                    "name the plugin's own jar in "
                                            + Plugins.VARIABLE
                                            + "; libraries that it needs can be next to it in a"
                                            + " folder that is named instead"));
        }
        return jar.hasMethods();
    }

    private boolean isNew(PluginJar jar) {
        try {
            return met.add(jar.file().toRealPath());
        } catch (IOException e) {
            return met.add(jar.file());
        }
    }

    private static Problem missing(String entry) {
        return Problem.usage(Plugins.VARIABLE, "there is no '%s'".formatted(entry))
                .expected(
                        "jars, or folders with jars, separated by '%s'"
                                .formatted(File.pathSeparator))
                .hint("correct the path, or remove it from " + Plugins.VARIABLE);
    }
}
