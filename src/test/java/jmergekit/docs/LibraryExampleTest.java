package jmergekit.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import jmergekit.fixture.Cli;
import jmergekit.fixture.JavaProcess;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The programs of the page about the library.
class LibraryExampleTest {
    private static final int MOST_LINES = 25;
    private static final String VECTORS = "--add-modules=jdk.incubator.vector";
    private static final Pattern JAVA =
            Pattern.compile("^```java\\n(.*?)^```$", Pattern.MULTILINE | Pattern.DOTALL);

    @TempDir private Path folder;

    private static List<String> programs() throws IOException {
        return JAVA.matcher(Files.readString(Path.of("docs/how-to/use-from-java.md")))
                .results()
                .map(m -> m.group(1))
                .toList();
    }

    private void compile(String name, String text) throws IOException {
        Path file = Files.writeString(folder.resolve(name + ".java"), text);
        assertThat(messages(List.of(file), "-proc:none")).isEmpty();
    }

    /// What the compiler has to say.
    private String messages(List<Path> sources, String... options) throws IOException {
        List<String> all = new ArrayList<>(List.of(options));
        all.addAll(List.of("-cp", System.getProperty("java.class.path"), "-d", folder.toString()));
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter messages = new StringWriter();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
            compiler.getTask(
                            messages,
                            files,
                            null,
                            all,
                            null,
                            files.getJavaFileObjectsFromPaths(sources))
                    .call();
        }
        return messages.toString();
    }

    private Cli.Result run(List<String> flags, String program) throws Exception {
        return JavaProcess.run(
                folder,
                Cli.NO_HUB,
                flags,
                folder + File.pathSeparator + System.getProperty("java.class.path"),
                program);
    }

    private byte[] weights() throws IOException {
        return Files.readAllBytes(folder.resolve("merged").resolve("model.safetensors"));
    }

    @Test
    void theExampleRunsWithTheFlagForVectorsAndWithout() throws Exception {
        String program = programs().getFirst();
        assertThat(program.lines()).hasSizeLessThanOrEqualTo(MOST_LINES);
        compile("MergeExample", program);
        for (String model : List.of("base", "chat", "code")) {
            copy(Path.of("examples", "models", model));
        }

        Cli.Result fast = run(List.of(VECTORS), "MergeExample");
        assertThat(fast.code()).as(fast.err()).isZero();
        assertThat(fast.err())
                .isEqualTo("WARNING: Using incubator modules: jdk.incubator.vector\n");
        byte[] weights = weights();
        Files.move(folder.resolve("merged"), folder.resolve("fast"));
        Cli.Result slow = run(List.of(), "MergeExample");

        assertThat(slow.code()).as(slow.err()).isZero();
        assertThat(slow.out()).isEqualTo(fast.out()).startsWith("sha256:");
        assertThat(slow.err()).isEmpty();
        assertThat(weights()).isEqualTo(weights);
    }

    @Test
    void aMergeThatIsLargeEnoughForVectorsSaysThatTheFlagIsMissing() throws Exception {
        compile(
                "LargeMerge",
                """
                public class LargeMerge {
                    public static void main(String[] args) {
                        jmergekit.tile.TileOps.best().forElements(1 << 30);
                    }
                }
                """);

        Cli.Result result = run(List.of(), "LargeMerge");

        assertThat(result.code()).as(result.err()).isZero();
        assertThat(result.err().lines()).singleElement().asString().contains("--add-modules");
    }

    private void copy(Path model) throws IOException {
        Files.createDirectories(folder.resolve(model));
        try (Stream<Path> files = Files.list(model)) {
            for (Path file : files.toList()) {
                Files.copy(file, folder.resolve(file));
            }
        }
    }

    /// Javac says nothing of this when Maven runs it.
    @Test
    void theCommentsOfTheLibraryHaveNoMistake() throws Exception {
        String[] options = {"-proc:none", "-Xdoclint:all,-missing", "-Xdoclint/package:jmergekit"};
        List<Path> library;
        try (Stream<Path> files = Files.list(Path.of("src", "main", "java", "jmergekit"))) {
            library = files.filter(f -> f.toString().endsWith(".java")).toList();
        }
        Path wrong = folder.resolve("Wrong.java");
        Files.writeString(wrong, "package jmergekit;\n/// See [Nowhere].\npublic class Wrong {}\n");

        assertThat(messages(library, options)).isEmpty();
        assertThat(messages(List.of(wrong), options)).contains("reference not found");
    }

    @Test
    void everyOtherPieceCompiles() throws Exception {
        List<String> pieces = programs();
        StringBuilder text = new StringBuilder("import java.nio.file.*;\nimport jmergekit.*;\n");
        text.append("class Pieces {\n");
        for (int i = 1; i < pieces.size(); i++) {
            text.append("static void piece%d(Models models, MergePlan plan, Path out)".formatted(i))
                    .append(" throws Exception {\n" + pieces.get(i) + "}\n");
        }
        compile("Pieces", text.append("}\n").toString());
    }
}
