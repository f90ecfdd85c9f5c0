package jmergekit.plugin;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import jmergekit.fixture.Cli;
import jmergekit.fixture.PluginSources;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What is wrong with jars of plugins, in one line each.
class PluginErrorsTest {
    private static final Path ROOT = Path.of("").toAbsolutePath();

    private static final String METHOD =
            """
            public final class %s implements MergeMethod {
                %s
                public MethodInfo info() {
                    return MethodInfo.named(%s).summary("Does something.")%s.build();
                }
                public void merge(MergeInput input, Primitives primitives) { %s }
            }
            """;

    private final Path folder = PluginSources.folder();

    private static Cli.Result run(Object plugins, String... args) {
        Map<String, String> environment = new HashMap<>(Cli.NO_HUB);
        environment.put(Plugins.VARIABLE, plugins.toString());
        return Cli.run(ROOT, environment, args);
    }

    private static void assertRefused(Object plugins, String... texts) {
        Cli.Result result = run(plugins, "methods");

        assertThat(result.code()).as(result.err()).isEqualTo(2);
        assertThat(result.out()).isEmpty();
        assertThat(result.err().lines()).hasSize(1);
        assertThat(result.err()).startsWith("error: ").contains(texts);
    }

    private Path jar(String type, String extra, String names, String info, String body)
            throws IOException {
        return PluginSources.jar(folder, type, METHOD.formatted(type, extra, names, info, body));
    }

    private Path fine(String type, String name) throws IOException {
        return jar(type, "", "\"" + name + "\", \"Title\"", "", "");
    }

    @Test
    void aMissingJar() {
        assertRefused(
                "nowhere/method.jar",
                "JMERGEKIT_PLUGINS: there is no 'nowhere/method.jar' (expected jars, or folders");
    }

    @Test
    void aFileThatIsNotAJar() throws IOException {
        Path file = Files.writeString(folder.resolve("method.jar"), "not a jar");

        assertRefused(file, "method.jar: not a jar that can be read", "META-INF/services/");
    }

    @Test
    void aJarWithoutMethods() throws IOException {
        Path jar =
                PluginSources.pack(
                        Files.createDirectory(folder.resolve("empty")),
                        folder.resolve("empty.jar"),
                        Optional.empty());

        assertRefused(jar, "empty.jar: names no merge methods");
        Path alone = Files.createDirectory(folder.resolve("alone"));
        Files.copy(jar, alone.resolve("library.jar"));
        assertRefused(alone, "alone' has no jar with merge methods", "found 1 other jar(s)");
    }

    @Test
    void aFolderWithoutJars() throws IOException {
        Path empty = Files.createDirectory(folder.resolve("none"));

        assertRefused(empty, "none' has no jar with merge methods", "found no jars");
    }

    @ParameterizedTest
    @CsvSource({
        "p.Missing, Provider p.Missing not found",
        "java.lang.String, no class of this jar",
        "'two words', Illegal configuration-file syntax",
    })
    void aLineOfTheServiceFileThatIsWrong(String line, String reason) throws IOException {
        Path classes = folder.resolve("classes");
        PluginSources.list(classes, line);

        assertRefused(
                PluginSources.pack(classes, folder.resolve("bad.jar"), Optional.empty()),
                "bad.jar: a merge method cannot be created",
                reason,
                "a public constructor without parameters");
    }

    @Test
    void aClassThatIsNotPublic() throws IOException {
        Path jar =
                PluginSources.jar(
                        folder,
                        "Hidden",
                        METHOD.formatted("Hidden", "", "\"hidden\", \"Hidden\"", "", "")
                                .replace("public final class", "final class"));

        assertRefused(jar, "Hidden.jar: a merge method cannot be created", "p.Hidden");
    }

    @Test
    void aConstructorWithParametersOrThatThrows() throws IOException {
        assertRefused(
                jar("Picky", "public Picky(int n) {}", "\"picky\", \"Picky\"", "", ""),
                "Picky.jar: a merge method cannot be created",
                "p.Picky");
        assertRefused(
                jar(
                        "Broken",
                        "public Broken() { throw new IllegalStateException(\"no\\nlicence\"); }",
                        "\"broken\", \"Broken\"",
                        "",
                        ""),
                "Broken.jar: a merge method cannot be created",
                "java.lang.IllegalStateException: no licence at p.Broken.<init>(Broken.java:");
    }

    @Test
    void anInitialiserThatThrows() throws IOException {
        assertRefused(
                jar(
                        "Static",
                        "static final int N = Integer.parseInt(\"x\");",
                        "\"static_one\", \"Static\"",
                        "",
                        ""),
                "Static.jar: a merge method cannot be created",
                "NumberFormatException");
    }

    @Test
    void aNameOfABuiltInMethod() throws IOException {
        assertRefused(
                fine("Clash", "linear"),
                "Clash.jar: merge method 'linear' has the name of a built-in method");
    }

    @Test
    void aNameOfAnotherJar() throws IOException {
        Path first = fine("First", "same");
        Path second = fine("Second", "same");

        assertRefused(
                first + File.pathSeparator + second,
                "Second.jar: merge method 'same' is also in " + first);
    }

    @Test
    void aJarNamedTwiceIsLoadedOnce() throws IOException {
        Path jar = fine("Twice", "twice");

        assertThat(run(jar + File.pathSeparator + folder, "methods").out()).contains("twice");
    }

    private static Arguments info(String names, String more, String text) {
        return Arguments.of(names, more, text);
    }

    static Stream<Arguments> wrongInfos() {
        return Stream.of(
                info("\"\", \"T\"", "", "not a valid name of a merge method"),
                info("\"two words\", \"T\"", "", "found 'two words'"),
                info("\"a\", \"\"", "", "not a valid title"),
                info("\"a\", null", "", "'info()' is incomplete"),
                info("\"a\", \"T\"", ".summary(\"x\\ny\")", "not a valid summary"),
                info("\"a\", \"T\"", ".models(3, 2)", "not a valid number of models"),
                info(
                        "\"a\", \"T\"",
                        ".params(Param.number(\"A b\", \"\"))",
                        "not a valid name of a parameter"),
                info(
                        "\"a\", \"T\"",
                        ".params(Param.number(\"k\", \"\"), Param.number(\"k\", \"\"))",
                        "two parameters of one name"),
                info(
                        "\"a\", \"T\"",
                        ".params(Param.number(\"lines_alpha\", \"\"))",
                        "has the name of a parameter of every method"),
                info(
                        "\"a\", \"T\"",
                        ".params(Param.word(\"weight\", \"\"))",
                        "parameter 'weight' has the name of another parameter"),
                info(
                        "\"a\", \"T\"",
                        ".params(Param.number(\"k\", \"\").orElse(3).within(0, 1))",
                        "the default of parameter 'k' is not allowed"),
                info(
                        "\"a\", \"T\"",
                        ".params(Param.flag(null, false, \"\"))",
                        "'info()' is incomplete"));
    }

    @ParameterizedTest
    @MethodSource("wrongInfos")
    void anInfoThatIsWrong(String names, String more, String text) throws IOException {
        Path jar = jar("Wrong", "", names, more, "");

        assertRefused(jar, "Wrong.jar: ", text, "in p.Wrong", "fault of the plugin");
    }

    @Test
    void anInfoThatThrows() throws IOException {
        Path jar = jar("Throws", "", "\"a\".substring(2), \"T\"", "", "");

        assertRefused(jar, "Throws.jar: 'info()' failed, in p.Throws", "StringIndexOutOfBounds");
    }

    @Test
    void aJarForAnotherVersion() throws IOException {
        Path jar = fine("Later", "later");
        Path classes = folder.resolve("Later/classes");
        Path type = classes.resolve("p/Later.class");
        byte[] bytes = Files.readAllBytes(type);
        bytes[7] = 99;
        Files.write(type, bytes);
        PluginSources.pack(classes, jar, Optional.empty());

        assertRefused(
                jar,
                "Later.jar: does not fit this version of jmergekit or Java",
                "UnsupportedClassVersionError",
                "built for this version");
    }

    @Test
    void allProblemsAreReportedAtOnce() throws IOException {
        Path jar = fine("Clash", "linear");

        Cli.Result result = run("none.jar" + File.pathSeparator + jar, "methods");

        assertThat(result.err().lines()).hasSize(2);
    }

    private Cli.Result merge(Path jar, String method) throws IOException {
        Path recipe = folder.resolve("recipe.yml");
        Files.writeString(
                recipe,
                """
                merge_method: %s
                models:
                  - model: examples/models/chat
                  - model: examples/models/code
                """
                        .formatted(method));
        return run(jar, "yaml", recipe.toString(), folder.resolve("merged").toString());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "int[] a = new int[1]; a[input.sources()] = 1; | Index 2 out of bounds for length 1 at p.Fails.merge(Fails.java:",
                "missing.Thing.call(); | NoClassDefFoundError",
                "if (input.sources() > 9) { primitives.gram(); } | combine() must be called once, but was called 0 times",
            })
    void aMergeThatFails(String body, String found) throws IOException {
        boolean isMissing = body.startsWith("missing");
        String source =
                METHOD.formatted(
                        "Fails",
                        isMissing ? "static class Gone { static void call() {} }" : "",
                        "\"fails\", \"Fails\"",
                        "",
                        isMissing ? "Gone.call();" : body);
        Path jar = PluginSources.jar(folder, "Fails", source);
        if (isMissing) {
            Path classes = folder.resolve("Fails/classes");
            Files.delete(classes.resolve("p/Fails$Gone.class"));
            PluginSources.pack(classes, jar, Optional.empty());
        }

        Cli.Result result = merge(jar, "fails");

        assertThat(result.code()).as(result.err()).isEqualTo(1);
        assertThat(result.err().lines().filter(l -> l.contains("error:"))).hasSize(1);
        assertThat(result.err())
                .contains("error: tensor '")
                .contains("merge method 'fails' of the plugin Fails.jar, sha256 ")
                .contains("failed in its merge()")
                .contains(found)
                .contains("this is a fault of the plugin")
                .doesNotContain("\tat ", "defect of jmergekit");
        assertThat(folder.resolve("merged")).doesNotExist();
    }

    @Test
    void aCheckThatFailsWhileTheRecipeIsPlanned() throws IOException {
        Path jar =
                jar(
                        "Checks",
                        "public Optional<String> violation(MergeInput i) { return null; }",
                        "\"checks\", \"Checks\"",
                        "",
                        "");

        Cli.Result result = merge(jar, "checks");

        assertThat(result.code()).isEqualTo(1);
        assertThat(result.err()).contains("failed in its violation()", "the result is null");
    }

    @Test
    void aMethodThatMeasuresFirst() throws IOException {
        Path jar =
                PluginSources.jar(
                        folder,
                        "Measures",
                        """
                        public final class Measures implements PreparedMethod {
                            public MethodInfo info() {
                                return MethodInfo.named("measures", "M").summary("S.").build();
                            }
                            public String group(MergeInput input) { return ""; }
                            public double[] measure(MergeInput input, Primitives primitives) {
                                return new double[] {1};
                            }
                            public void merge(MergeInput input, Primitives primitives) {
                                double n = input.statistics().sums()[0];
                                primitives.combine(new Combination.WeightedSum(
                                    new double[] {n > 1 ? 1 : 0, 0}));
                            }
                        }
                        """);

        Cli.Result result = merge(jar, "measures");

        assertThat(result.code()).as(result.err()).isZero();
    }

    @Test
    void librariesNextToAPluginAreFound() throws IOException {
        Path library = folder.resolve("library");
        Path source = Files.createDirectories(library.resolve("src/lib")).resolve("Half.java");
        Files.writeString(
                source,
                "package lib; public class Half { public static double value() { return 0.5; } }");
        PluginSources.compile(List.of(source), library.resolve("classes"));
        Path jars = Files.createDirectory(folder.resolve("jars"));
        PluginSources.pack(library.resolve("classes"), jars.resolve("half.jar"), Optional.empty());
        Path plugin = folder.resolve("user");
        Path user = Files.createDirectories(plugin.resolve("src/p")).resolve("User.java");
        Files.writeString(
                user,
                "package p; import jmergekit.method.*; import jmergekit.primitive.*;\n"
                        + METHOD.formatted(
                                "User",
                                "",
                                "\"halves\", \"Halves\"",
                                "",
                                "double h = lib.Half.value(); primitives.combine("
                                        + "new Combination.WeightedSum(new double[] {h, h}));"));
        PluginSources.compile(List.of(user), plugin.resolve("classes"), jars.resolve("half.jar"));
        PluginSources.list(plugin.resolve("classes"), "p.User");
        PluginSources.pack(plugin.resolve("classes"), jars.resolve("user.jar"), Optional.empty());

        Cli.Result result = merge(jars, "halves");

        assertThat(result.code()).as(result.err()).isZero();
    }

    @Test
    void withoutTheVariableNothingIsLoaded() throws IOException {
        Path jar =
                jar(
                        "Marks",
                        "static { System.setProperty(\"jmergekit.test.loaded\", \"yes\"); }",
                        "\"marks\", \"Marks\"",
                        "",
                        "");

        assertThat(Cli.run(jar.getParent(), "methods").code()).isZero();
        assertThat(run("", "methods").code()).isZero();
        assertThat(System.getProperty("jmergekit.test.loaded")).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"--version", "--help"})
    void commandsWithoutMethods(String command) {
        assertThat(run("nowhere.jar", command).code()).isZero();
    }
}
