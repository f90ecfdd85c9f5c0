package jmergekit.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import jmergekit.config.Searches;
import jmergekit.fixture.Cli;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The pages hang together, and what they print is what the program does.
class DocsTest {
    private static final Path ROOT = Path.of("").toAbsolutePath();

    private static final Pattern ANCHOR_IN_CODE = Pattern.compile("(docs/[\\w/-]+\\.md)#([\\w-]+)");

    /// The start of a line of `--help` that is about an option.
    private static final Pattern OPTION =
            Pattern.compile("^ {2,6}((?:--?[a-zIV]+(?:-[a-z]+)*, )*--(?:\\[no-\\])?[a-z0-9-]+)");

    /// The names of a command at the start of a line of `--help`.
    private static final Pattern COMMAND =
            Pattern.compile("^ {2}([a-z][a-z-]*(?:, [a-z][a-z-]*)*) {2,}", Pattern.MULTILINE);

    private static final List<String> OF_ALL_COMMANDS = List.of("-h", "--help", "-V", "--version");

    @TempDir private Path folder;

    static List<Page> pages() throws IOException {
        return Page.all();
    }

    @Test
    void everyPageCanBeReachedFromTheIndex() throws IOException {
        List<Path> reached = new ArrayList<>();
        List<Path> next = new ArrayList<>(List.of(Path.of("docs/index.md")));
        while (!next.isEmpty()) {
            Path file = next.removeLast();
            reached.add(file);
            for (String link : Page.read(file).links()) {
                Path target = file.resolveSibling(link.split("#", 2)[0]).normalize();
                if (target.toString().endsWith(".md")
                        && !reached.contains(target)
                        && !next.contains(target)) {
                    next.add(target);
                }
            }
        }

        List<Path> inDocs =
                Page.all().stream().map(Page::file).filter(f -> f.startsWith("docs")).toList();
        assertThat(reached).containsAll(inDocs);
    }

    @Test
    void placesNamedInTheCodeExist() throws IOException {
        List<String> missing = new ArrayList<>();
        int found = 0;
        for (Path source : sources()) {
            for (String[] reference : references(source)) {
                found++;
                if (!Page.read(Path.of(reference[0])).anchors().contains(reference[1])) {
                    missing.add(source.getFileName() + ": " + String.join("#", reference));
                }
            }
        }

        assertThat(found).isPositive();
        assertThat(missing).isEmpty();
    }

    private static List<String[]> references(Path source) throws IOException {
        return ANCHOR_IN_CODE
                .matcher(Files.readString(source))
                .results()
                .map(m -> new String[] {m.group(1), m.group(2)})
                .toList();
    }

    private static List<Path> sources() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("src", "main", "java"))) {
            return files.filter(f -> f.toString().endsWith(".java")).toList();
        }
    }

    /// Whatever has a `merge_method` or a `gate_mode` is a whole recipe, on the models of `examples`.
    @ParameterizedTest
    @MethodSource("pages")
    void recipesInPagesRunWithoutAWarning(Page page) throws IOException {
        for (String block : page.blocks("yaml")) {
            if (isSearch(block)) {
                continue;
            }
            String command = command(block);
            if (!command.equals("yaml") || block.contains("merge_method:")) {
                Path recipe = folder.resolve("recipe.yml");
                Files.writeString(recipe, block);

                Cli.Result result =
                        Cli.run(
                                ROOT,
                                command,
                                recipe.toString(),
                                command.equals("multi") ? "--out-path=unused" : "unused",
                                "--dry-run",
                                "--strict");

                assertThat(result.err()).isEmpty();
                assertThat(result.code()).isZero();
            }
        }
    }

    private static boolean isSearch(String block) {
        return block.contains("\ntasks:");
    }

    @ParameterizedTest
    @MethodSource("pages")
    void searchesInPagesAreReadWithoutAWarning(Page page) throws IOException {
        page.blocks("yaml").stream().filter(DocsTest::isSearch).forEach(Searches::read);
    }

    private static String command(String recipe) {
        if (recipe.contains("\n---\n")) {
            return "multi";
        }
        if (recipe.contains("examples/checkpoints/")) {
            return "pytorch";
        }
        return recipe.contains("gate_mode:") ? "moe" : "yaml";
    }

    @Test
    void readmeShowsTheRecipeThatItsCommandRuns() throws IOException {
        List<String> lines = Files.readAllLines(Path.of("examples", "ties.yml"));
        List<String> recipe = lines.stream().filter(l -> !l.startsWith("#")).toList();

        assertThat(Page.read(Path.of("README.md")).blocks("yaml").getFirst().lines())
                .containsExactlyElementsOf(recipe);
    }

    /// CI and new users rely on these two.
    @Test
    void readmeHasTwoCommands() throws IOException {
        assertThat(Page.read(Path.of("README.md")).blocks("sh"))
                .containsExactly(
                        "scripts/mergekit-yaml examples/ties.yml merged\n", "scripts/test\n");
    }

    @Test
    void commandPageBeginsWithATableOfAllCommands() throws IOException {
        List<String> listed =
                Page.read(Path.of("docs/reference/cli.md")).rows("Commands and options").stream()
                        .flatMap(row -> Page.code(row.getFirst()).stream())
                        .map(name -> name.replace("mergekit ", ""))
                        .toList();

        assertThat(listed).containsExactlyElementsOf(commandNames());
    }

    /// The names of commands as `--help` lists them, those of the same command in one.
    static List<List<String>> commands() {
        return COMMAND.matcher(Cli.run(ROOT, "--help").out())
                .results()
                .map(m -> List.of(m.group(1).split(", ")))
                .toList();
    }

    static List<String> commandNames() {
        return commands().stream().map(List::getFirst).toList();
    }

    @Test
    void everyNameOfTheReferencesCommandsIsAScript() {
        List<String> names =
                commands().stream()
                        .flatMap(List::stream)
                        .filter(name -> name.startsWith("mergekit-"))
                        .toList();

        assertThat(names).contains("mergekit-yaml");
        assertThat(names).allMatch(name -> Files.isExecutable(Path.of("scripts", name)));
    }

    @ParameterizedTest
    @MethodSource("commandNames")
    void commandPageListsTheOptionsOfACommand(String command) throws IOException {
        List<String> options = new ArrayList<>();
        for (String line : Cli.run(ROOT, command, "--help").out().lines().toList()) {
            OPTION.matcher(line)
                    .results()
                    .forEach(m -> options.addAll(List.of(m.group(1).split(", "))));
        }
        List<String> listed =
                Page.read(Path.of("docs/reference/cli.md"))
                        .section("mergekit " + command + " ")
                        .rows()
                        .stream()
                        .flatMap(row -> Page.code(row.getFirst()).stream())
                        .filter(c -> c.startsWith("-"))
                        .map(c -> c.split(" ")[0])
                        .toList();

        assertThat(options).containsAll(OF_ALL_COMMANDS);
        if (options.size() > OF_ALL_COMMANDS.size()) {
            assertThat(listed).containsExactlyInAnyOrderElementsOf(options);
        }
    }
}
