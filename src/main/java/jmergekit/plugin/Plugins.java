package jmergekit.plugin;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import jmergekit.method.MergeMethod;
import jmergekit.method.MergeMethods;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;
import jmergekit.problem.Problems;
import org.jspecify.annotations.Nullable;

/// The merge methods that are available in an environment: the built-in ones, and those of the jars
/// that a variable names. The jars are opened when the methods are first used, and stay open as
/// long as the process runs. Without the variable, nothing is loaded. Thread-safe.
public final class Plugins {
    /// The variable: paths of jars, or of folders with jars, separated as in a class path.
    public static final String VARIABLE = "JMERGEKIT_PLUGINS";

    /// What a message about an unknown method suggests.
    public static final String HINT =
            "if the method comes from a plugin, name its jar in " + VARIABLE;

    private final @Nullable String paths;
    private final Path workingDirectory;
    private @Nullable MergeMethods methods;

    /// @param environment the environment variables
    /// @param workingDirectory the base of relative paths in the variable
    public Plugins(Map<String, String> environment, Path workingDirectory) {
        this.paths = environment.get(VARIABLE);
        this.workingDirectory = workingDirectory;
    }

    /// All available methods.
    ///
    /// @throws MergeException with everything that is wrong with the jars
    public synchronized MergeMethods methods() {
        if (methods == null) {
            methods = paths == null || paths.isBlank() ? MergeMethods.builtIn() : loaded(paths);
        }
        return methods;
    }

    private MergeMethods loaded(String text) {
        Problems problems = new Problems();
        List<LoadedMethod> loaded = new ArrayList<>();
        for (PluginJar jar : PluginPath.jars(text, workingDirectory, problems)) {
            for (LoadedMethod method : jar.load(problems)) {
                clash(method, loaded).ifPresentOrElse(problems::add, () -> loaded.add(method));
            }
        }
        problems.throwIfErrors();
        return MergeMethods.builtIn()
                .with(loaded.stream().map(LoadedMethod::method).toArray(MergeMethod[]::new));
    }

    private static Optional<Problem> clash(LoadedMethod method, List<LoadedMethod> earlier) {
        String name = method.name();
        if (MergeMethods.builtIn().named(name).isPresent()) {
            return Optional.of(
                    Problem.usage(
                                    method.jar().path(),
                                    "merge method '%s' has the name of a built-in method"
                                            .formatted(name))
                            .hint("ask the plugin's author for another name"));
        }
        return earlier.stream()
                .filter(e -> e.name().equals(name))
                .findFirst()
                .map(e ->
                        Problem.usage(
                                        method.jar().path(),
                                        "merge method '%s' is also in %s"
                                                .formatted(name, e.jar().path()))
                                .hint("name only one of the two jars in " + VARIABLE));
    }
}
