package jmergekit.plugin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.xpath.XPath;
import javax.xml.xpath.XPathFactory;
import jmergekit.MergePlan;
import jmergekit.ModelSettings;
import jmergekit.Models;
import jmergekit.Recipe;
import jmergekit.fixture.Cli;
import jmergekit.fixture.PluginSources;
import jmergekit.fixture.TinyModel;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;

/// The template of a plugin in `examples/plugin`, built and used as its README says, but without
/// Maven and the network.
class PluginTemplateTest {
    private static final Path ROOT = Path.of("").toAbsolutePath();
    private static final Path TEMPLATE = ROOT.resolve("examples/plugin");
    private static final String RECIPE = "examples/plugin/quantile.yml";

    @TempDir private Path folder;

    private static final Path BUILD = PluginSources.folder();

    private static Path jar = Path.of("");

    @BeforeAll
    static void buildsTheTemplate() throws IOException {
        Path classes = BUILD.resolve("classes");
        PluginSources.compile(sources("src/main/java"), classes);
        Path resources = TEMPLATE.resolve("src/main/resources");
        try (Stream<Path> files = Files.walk(resources)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path to = classes.resolve(resources.relativize(file).toString());
                Files.createDirectories(to.getParent());
                Files.copy(file, to);
            }
        }
        jar =
                PluginSources.pack(
                        classes, BUILD.resolve("quantile-plugin-1.0.0.jar"), Optional.of("1.0.0"));
    }

    private static List<Path> sources(String folder) throws IOException {
        try (Stream<Path> files = Files.walk(TEMPLATE.resolve(folder))) {
            return files.filter(f -> f.toString().endsWith(".java")).toList();
        }
    }

    private static Map<String, String> with(Path plugins) {
        Map<String, String> environment = new HashMap<>(Cli.NO_HUB);
        environment.put(Plugins.VARIABLE, plugins.toString());
        return environment;
    }

    private static Cli.Result run(String... args) {
        return Cli.run(ROOT, with(jar), args);
    }

    private static void assertIsMedian(Path merged) throws IOException {
        Map<String, TinyModel.Values> result = TinyModel.read(merged);
        List<Map<String, TinyModel.Values>> models = new ArrayList<>();
        for (String model : List.of("base", "chat", "code")) {
            models.add(TinyModel.read(ROOT.resolve("examples/models").resolve(model)));
        }
        assertThat(result).isNotEmpty().hasSameSizeAs(models.getFirst());
        result.forEach((name, values) -> {
            for (int i = 0; i < values.data().length; i++) {
                int at = i;
                double[] each = models.stream().mapToDouble(m -> m.get(name).data()[at]).toArray();
                Arrays.sort(each);
                assertThat((double) values.data()[i]).isEqualTo(each[1], within(0.0));
            }
        });
    }

    @Test
    void aRecipeUsesTheMethod() throws IOException {
        Path merged = folder.resolve("merged");

        Cli.Result result = run("yaml", RECIPE, merged.toString());

        assertThat(result.code()).as(result.err()).isZero();
        assertIsMedian(merged);
        assertThat(merged.resolve("README.md"))
                .content()
                .contains(
                        "The method comes from the plugin `quantile-plugin-1.0.0.jar, version 1.0.0`.");
        assertThat(merged.resolve("mergekit_config.plan.json"))
                .content()
                .contains("\"quantile\"", "quantile-plugin-1.0.0.jar, version 1.0.0");
        assertThat(Cli.run(ROOT, "show", merged.toString()).out())
                .contains("plugin    quantile of quantile-plugin-1.0.0.jar, version 1.0.0");
        assertThat(Cli.run(ROOT, "show", "--json", merged.toString()).out())
                .contains("quantile-plugin-1.0.0.jar, version 1.0.0");
        assertThat(run("verify", merged.toString()).code()).isZero();
    }

    @Test
    void commandsKnowTheMethod() {
        assertThat(run("methods").out()).contains("quantile").contains("linear");
        assertThat(run("methods", "quantile").out())
                .contains("plugin      quantile-plugin-1.0.0.jar, version 1.0.0")
                .contains("0 to 1");
        assertThat(run("schema").out()).contains("quantile");
        assertThat(run("check", "--quick", RECIPE).code()).isZero();
        assertThat(Cli.run(ROOT, "methods").out()).doesNotContain("quantile");
    }

    @Test
    void parametersAreCheckedAsThoseOfOtherMethods() throws IOException {
        Path recipe = folder.resolve("recipe.yml");
        Files.writeString(
                recipe, Files.readString(TEMPLATE.resolve("quantile.yml")).replace("0.5", "2"));

        Cli.Result result = run("yaml", recipe.toString(), folder.resolve("merged").toString());

        assertThat(result.code()).isEqualTo(2);
        assertThat(result.err()).contains("'q'", "0 to 1");
    }

    @Test
    void aPlanAndItsPartsNeedThePlugin() throws IOException {
        Path plan = folder.resolve("plan.json");
        Path merged = folder.resolve("merged");
        assertThat(run("plan", RECIPE, "-o", plan.toString()).code()).isZero();

        Cli.Result without =
                Cli.run(ROOT, "part", plan.toString(), merged.toString(), "--shards", "1");
        assertThat(without.code()).isEqualTo(3);
        assertThat(without.err())
                .contains("there is no merge method 'quantile'")
                .contains("JMERGEKIT_PLUGINS");

        Cli.Result with = run("part", plan.toString(), merged.toString(), "--shards", "1");
        assertThat(with.code()).as(with.err()).isZero();
        assertThat(run("publish", plan.toString(), merged.toString()).code()).isZero();
        assertIsMedian(merged);
    }

    @Test
    void theLibraryTakesPluginsFromItsEnvironment() throws IOException {
        ModelSettings settings = ModelSettings.defaults().environment(with(BUILD));
        Path merged = folder.resolve("merged");

        try (Models models = Models.open(ROOT, settings)) {
            MergePlan plan = models.plan(Recipe.read(TEMPLATE.resolve("quantile.yml")));
            plan.write(merged);
        }

        assertIsMedian(merged);
    }

    @Test
    void theProgramUsesThePluginInAProcessOfItsOwn() throws Exception {
        Path merged = folder.resolve("merged");
        ProcessBuilder builder =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-cp",
                                System.getProperty("java.class.path"),
                                "jmergekit.cli.Main",
                                "yaml",
                                RECIPE,
                                merged.toString())
                        .directory(ROOT.toFile())
                        .redirectErrorStream(true);
        builder.environment().putAll(with(jar));
        Process process = builder.start();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(process.waitFor()).as(text).isZero();
        assertIsMedian(merged);
    }

    @Test
    void theTemplatesOwnTestsPass() throws Exception {
        Path tests = folder.resolve("tests");
        PluginSources.compile(sources("src/test/java"), tests, jar);
        URL[] urls = {jar.toUri().toURL(), tests.toUri().toURL()};
        try (URLClassLoader loader = new URLClassLoader(urls, getClass().getClassLoader())) {
            Class<?> type = loader.loadClass("org.example.quantile.QuantileMergeTest");
            Constructor<?> constructor = type.getDeclaredConstructor();
            constructor.setAccessible(true);
            int count = 0;
            for (Method method : type.getDeclaredMethods()) {
                if (method.isAnnotationPresent(Test.class)) {
                    method.setAccessible(true);
                    method.invoke(constructor.newInstance());
                    count++;
                }
            }
            assertThat(count).isEqualTo(3);
        }
    }

    @Test
    void itsPomHasTheCoordinatesAndVersionsOfThisBuild() throws Exception {
        Document own = document(ROOT.resolve("pom.xml"));
        Document template = document(TEMPLATE.resolve("pom.xml"));
        String dependency = "/project/dependencies/dependency[artifactId='%s']/";
        String jmergekit = dependency.formatted("jmergekit");

        assertThat(text(template, jmergekit + "groupId")).isEqualTo(text(own, "/project/groupId"));
        assertThat(text(template, jmergekit + "version")).isEqualTo(text(own, "/project/version"));
        assertThat(text(template, jmergekit + "scope")).isEqualTo("provided");
        assertThat(text(template, dependency.formatted("junit-jupiter") + "version"))
                .isEqualTo(text(own, "/project/properties/junit.version"));
        String release = "/project/properties/maven.compiler.release";
        assertThat(text(template, release)).isEqualTo(text(own, release));
        for (String plugin : List.of("compiler", "resources", "surefire", "jar")) {
            String version = "plugin[artifactId='maven-%s-plugin']/version".formatted(plugin);
            assertThat(text(template, "/project/build/plugins/" + version))
                    .as(plugin)
                    .isEqualTo(text(own, "/project/build/pluginManagement/plugins/" + version));
        }
    }

    private static Document document(Path file) throws Exception {
        try (InputStream in = Files.newInputStream(file)) {
            return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(in);
        }
    }

    private static String text(Document document, String path) throws Exception {
        XPath paths = XPathFactory.newInstance().newXPath();
        return paths.evaluate(path, document).strip();
    }
}
