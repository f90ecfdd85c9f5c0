package jmergekit.compatibility;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import jmergekit.cli.Main;
import jmergekit.fixture.Cli;
import jmergekit.problem.ExitCode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Scripts can rely on exit codes.
class ExitCodesPromiseTest {
    private static final Path ROOT = Path.of("").toAbsolutePath();
    private static final String RECIPE = "examples/ties.yml";
    private static final String BASE = "examples/models/base";
    private static final String CHAT = "examples/models/chat";

    @TempDir private Path folder;

    private final List<String> lines = new ArrayList<>();

    @Test
    void exitCodesStay() throws IOException {
        for (ExitCode code : ExitCode.values()) {
            lines.add("%d = %s".formatted(code.status(), code.name()));
        }
        String out = folder.resolve("out").toString();
        run("a merge", "yaml", RECIPE, out);
        run("help", "--help");
        run("help of a command", "yaml", "--help");
        run("a version", "--version");
        run("a dry run", "yaml", RECIPE, "unused", "--dry-run");
        run("a check without mistakes", "check", RECIPE, "--quick");
        run("models that differ", "diff", BASE, CHAT);
        run("a model as it was made", "verify", out);
        run("a warning", "yaml", warned(), "unused", "--dry-run");

        run("no command");
        run("an unknown command", "blend");
        run("an unknown option", "yaml", RECIPE, "unused", "--fast");
        run("a missing argument", "yaml");
        run("an unknown merge method", "yaml", recipe("merge_method: blend"), "unused");
        run("a recipe that is no YAML", "yaml", recipe("merge_method: [ties"), "unused");
        run("a check with a mistake", "check", recipe("merge_method: blend"), "--quick");
        run("a warning with --strict", "yaml", warned(), "unused", "--dry-run", "--strict");
        run("a recipe for another command", "moe", RECIPE, "unused");
        run("a recipe that is not there", "yaml", "nowhere.yml", "unused");

        run("a model that is not there", "yaml", merge("./nowhere"), "unused");
        run("a weight file that was cut", "yaml", merge(cutModel()), "unused");
        run("models to compare that are not there", "diff", "./nowhere", "./neither");
        Files.writeString(folder.resolve("out/config.json"), "{}");
        run("a model that is not as it was made", "verify", out);

        run("an output folder that is not empty", "yaml", RECIPE, out);
        run("an output folder that is a model of the recipe", "yaml", RECIPE, BASE);
        run("a page that would replace another file", "diff", BASE, CHAT, "--html", RECIPE);

        run(
                "a mistake in the recipe and a missing model",
                "yaml",
                mistakeWithout("./nowhere"),
                "unused");
        run("a missing model and a folder that is not empty", "yaml", merge("./nowhere"), out);
        lines.add("%d  %s".formatted(defect(), "a defect of the program"));

        Promise.check("exit-codes", lines);
    }

    private void run(String what, String... args) {
        lines.add("%d  %s".formatted(Cli.run(ROOT, args).code(), what));
    }

    private String recipe(String text) throws IOException {
        Path file = Files.createTempFile(folder, "recipe", ".yml");
        return Files.writeString(file, text + "\n").toString();
    }

    private String merge(String model) throws IOException {
        return recipe(
                """
                merge_method: linear
                parameters: {weight: 1}
                models: [{model: %s}, {model: examples/models/base}]
                """
                        .formatted(model));
    }

    private String mistakeWithout(String model) throws IOException {
        return recipe(
                """
                merge_method: linear
                parameters: {weight: heavy}
                models: [{model: %s}, {model: examples/models/base}]
                """
                        .formatted(model));
    }

    private String warned() throws IOException {
        return recipe(
                """
                merge_method: linear
                parameters: {weight: 1}
                models: [{model: examples/models/chat}, {model: examples/models/base}]
                colour: blue
                """);
    }

    private String cutModel() throws IOException {
        Path model = Files.createDirectory(folder.resolve("cut"));
        Path whole = Path.of(BASE);
        Files.copy(whole.resolve("config.json"), model.resolve("config.json"));
        byte[] weights = Files.readAllBytes(whole.resolve("model.safetensors"));
        byte[] half = Arrays.copyOf(weights, weights.length / 2);
        Files.write(model.resolve("model.safetensors"), half);
        return model.toString();
    }

    /// The exit code after an unexpected exception, here from the console.
    private static int defect() {
        Writer broken =
                new StringWriter() {
                    @Override
                    public void write(String text, int from, int length) {
                        throw new IllegalStateException("for a test");
                    }
                };
        return Main.run(
                ROOT,
                Cli.NO_HUB,
                new PrintWriter(broken),
                new PrintWriter(new StringWriter()),
                "methods",
                "ties");
    }
}
