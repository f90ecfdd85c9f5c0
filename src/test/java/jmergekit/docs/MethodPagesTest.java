package jmergekit.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import jmergekit.method.MergeMethod;
import jmergekit.method.MergeMethods;
import jmergekit.method.MethodInfo;
import jmergekit.method.Param;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/// Every merge method comes with all that belongs to it, and the tables about it say what its
/// `info()` says.
class MethodPagesTest {
    static final List<String> NAMES = MergeMethods.builtIn().names();

    private static final Path PAGES = Path.of("docs", "reference", "methods");

    @Test
    void methodsAreSortedByName() {
        assertThat(NAMES).isSorted().doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @FieldSource("NAMES")
    void methodHasATestAPageAndAnExample(String name) {
        String test = method(name).plain().getClass().getSimpleName() + "Test.java";
        Map<String, Path> files = new LinkedHashMap<>();
        files.put("test", Path.of("src/test/java/jmergekit/method", test));
        files.put("page", PAGES.resolve(name + ".md"));
        files.put("example", Path.of("examples", name + ".yml"));

        List<String> missing = new ArrayList<>();
        files.forEach((what, file) -> {
            if (!Files.isRegularFile(file)) {
                missing.add("its " + what + ", " + file);
            }
        });

        assertThat(missing).as("what merge method '%s' lacks", name).isEmpty();
    }

    @ParameterizedTest
    @FieldSource("NAMES")
    void pageListsTheParametersOfItsMethod(String name) throws IOException {
        List<List<String>> listed =
                page(name).rows("Parameters").stream()
                        .map(r -> List.of(r.get(0), r.get(1), r.get(2), withoutMore(r.get(3))))
                        .toList();

        assertThat(listed)
                .containsExactlyElementsOf(
                        method(name).info().ownParams().stream()
                                .map(MethodPagesTest::row)
                                .toList());
    }

    @ParameterizedTest
    @FieldSource("NAMES")
    void pageHasTheUsualSections(String name) throws IOException {
        assertThat(page(name).text())
                .startsWith("# " + name + "\n")
                .containsSubsequence(
                        "\n## When to use it\n",
                        "\n## Formula\n",
                        "\n## Parameters\n",
                        "\n## Recipe\n",
                        "\n## Paper\n",
                        "\n## Differences from mergekit\n");
        assertThat(page(name).blocks("yaml"))
                .anyMatch(recipe -> recipe.startsWith("merge_method: " + name));
    }

    @Test
    void noPageIsLeftOverFromAMethodThatIsGone() throws IOException {
        List<String> pages;
        try (Stream<Path> files = Files.list(PAGES)) {
            pages = files.map(f -> f.getFileName().toString().replace(".md", "")).toList();
        }

        List<String> expected = new ArrayList<>(NAMES);
        expected.add("index");
        assertThat(pages).containsExactlyInAnyOrderElementsOf(expected);
    }

    @Test
    void indexOfTheMethodsListsThem() throws IOException {
        assertThat(Page.read(PAGES.resolve("index.md")).rows("Merge methods"))
                .containsExactlyElementsOf(
                        MergeMethods.builtIn().all().stream()
                                .map(m -> indexRow(m.info()))
                                .toList());
    }

    private static List<String> indexRow(MethodInfo info) {
        List<String> params = info.ownParams().stream().map(p -> "`" + p.name() + "`").toList();
        return List.of(
                "[`%1$s`](%1$s.md)".formatted(info.name()),
                info.summary(),
                info.modelsText(),
                info.baseText(),
                String.join(", ", params));
    }

    private static List<String> row(Param param) {
        return List.of(
                "`" + param.name() + "`",
                param.perModel() ? "yes" : "no",
                param.defaultText(),
                param.valuesText());
    }

    // What a method refuses besides stands behind a semicolon.
    private static String withoutMore(String values) {
        return values.replaceFirst(";.*", "");
    }

    private static MergeMethod method(String name) {
        return MergeMethods.builtIn().named(name).orElseThrow();
    }

    private static Page page(String name) throws IOException {
        return Page.read(PAGES.resolve(name + ".md"));
    }
}
