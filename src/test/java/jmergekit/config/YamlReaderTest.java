package jmergekit.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;
import jmergekit.problem.Problems;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class YamlReaderTest {
    private final Problems problems = new Problems();

    private List<YamlNode> documents(String text) {
        return YamlReader.documents(SourceText.of("r.yml", text), problems);
    }

    private YamlNode.Mapping mapping(String text) {
        return (YamlNode.Mapping) documents(text).getFirst();
    }

    private static Map<String, String> texts(YamlNode.Mapping mapping) {
        return mapping.entries().stream()
                .collect(
                        Collectors.toMap(
                                e -> e.key().text(), e -> ((YamlNode.Scalar) e.value()).text()));
    }

    private String onlyProblem() {
        assertThat(problems.all()).hasSize(1);
        return problems.all().getFirst().toString();
    }

    @Test
    void everyValueKnowsItsPlace() {
        YamlNode.Entry entry = mapping("a: 1\nlonger: {b: [x, 'y z']}\n").byKey().get("longer");
        YamlNode.Mapping inner = (YamlNode.Mapping) entry.value();
        YamlNode.Sequence list = (YamlNode.Sequence) inner.byKey().get("b").value();
        assertThat(entry.key().at()).hasToString("r.yml:2:1");
        assertThat(list.items().get(1).at()).hasToString("r.yml:2:17");
        assertThat(Recipes.textAt(list.items().get(1).at())).isEqualTo("'y z'");
    }

    @Test
    void anEntryCoversItsKeyAndTheValueInTheSameLine() {
        YamlNode.Mapping mapping = mapping("a: &x 1\nb:\n  c: 2\nd: *x\n");
        assertThat(Recipes.textAt(mapping.byKey().get("a").at())).isEqualTo("a: &x 1");
        assertThat(Recipes.textAt(mapping.byKey().get("b").at())).isEqualTo("b");
        assertThat(Recipes.textAt(mapping.byKey().get("d").at())).isEqualTo("d");
    }

    @Test
    void byteOrderMarkAndWindowsLineEndsAreAccepted() {
        YamlNode.Mapping mapping = mapping("\uFEFFa: 1\r\nb: 2\r\n");
        assertThat(texts(mapping)).isEqualTo(Map.of("a", "1", "b", "2"));
        assertThat(mapping.byKey().get("b").key().at().text()).isEqualTo("b: 2");
    }

    @Test
    void aLineTooLongToShowIsLeftOut() {
        YamlNode.Mapping mapping = mapping("{a: 1, b: " + "x".repeat(300) + "}");
        assertThat(mapping.byKey().get("a").at().text()).isEmpty();
    }

    @Test
    void aDirectiveAndAnEndMarkAreAccepted() {
        assertThat(texts(mapping("%YAML 1.1\n---\na: 1\n...\n"))).isEqualTo(Map.of("a", "1"));
    }

    @Test
    void emptyDocumentsDoNotCount() {
        assertThat(documents("")).isEmpty();
        assertThat(documents("# only a comment\n")).isEmpty();
        assertThat(documents("---\n---\na: 1\n---\n")).hasSize(1);
        assertThat(documents("a: 1\n---\na: 2\n")).hasSize(2);
    }

    @Test
    void mergeKeysFillInWhatIsNotWritten() {
        YamlNode.Mapping mapping = mapping("d: &d {x: 1, y: 2}\ne:\n  y: 3\n  <<: *d\n  z: 4\n");
        YamlNode.Mapping merged = (YamlNode.Mapping) mapping.byKey().get("e").value();
        assertThat(texts(merged)).isEqualTo(Map.of("x", "1", "y", "3", "z", "4"));
        assertThat(merged.entries().stream().map(e -> e.key().text()))
                .containsExactly("x", "y", "z");
        assertThat(merged.byKey().get("x").at()).hasToString("r.yml:1:8");
    }

    @Test
    void earlierMappingsOfAMergeListWin() {
        YamlNode.Mapping mapping =
                mapping("a: &a {x: 1}\nb: &b {<<: *a, y: 2}\nc: {<<: [{y: 0}, *b]}\n");
        assertThat(texts((YamlNode.Mapping) mapping.byKey().get("c").value()))
                .isEqualTo(Map.of("x", "1", "y", "0"));
    }

    @Test
    void aQuotedMergeKeyIsAnOrdinaryKey() {
        assertThat(texts(mapping("{'<<': 1}"))).isEqualTo(Map.of("<<", "1"));
    }

    @Test
    void aMergeKeyTakesOnlyMappings() {
        mapping("a: {<<: [1]}\n");
        assertThat(onlyProblem())
                .startsWith(
                        "r.yml:1:5: merge key '<<' only takes mappings (expected a mapping, or a "
                                + "list of mappings, found '1')");
    }

    @Test
    void aDuplicateKeyNamesBothLines() {
        mapping("weight: 1\ndensity: 2\nweight: 3\n");
        assertThat(onlyProblem())
                .isEqualTo(
                        """
                        r.yml:3:1: duplicate key 'weight', first on line 1; keep only one of them
                            3 | weight: 3
                              | ^^^^^^\
                        """);
    }

    @Test
    void aDuplicateMergeKeyIsToldAboutLists() {
        mapping("a: &a {x: 1}\nb:\n  <<: *a\n  <<: *a\n");
        assertThat(onlyProblem())
                .startsWith(
                        "r.yml:4:3: duplicate key '<<', first on line 3; use a list to merge "
                                + "several mappings, as in '<<: [*a, *b]'");
    }

    @Test
    void keysMustBeText() {
        mapping("{[1, 2]: 3}");
        assertThat(onlyProblem()).startsWith("r.yml:1:2: a key must be text (found a list of 2)");
    }

    @Test
    void foreignTagsAreRefused() {
        mapping("a: !!python/name:os.system x\n");
        assertThat(onlyProblem())
                .startsWith(
                        "r.yml:1:4: tag 'tag:yaml.org,2002:python/name:os.system' has no meaning "
                                + "in a recipe; remove it");
    }

    @Test
    void aTextTagQuotes() {
        YamlNode.Mapping mapping = mapping("{a: !!str yes, b: !!float 1, c: ! no}");
        assertThat(mapping.entries())
                .extracting(e -> ((YamlNode.Scalar) e.value()).plain())
                .containsExactly(false, true, false);
        assertThat(problems.all()).isEmpty();
    }

    @Test
    void anAliasWithoutAnchorIsRefused() {
        assertThatThrownBy(() -> documents("a: *b\n"))
                .isInstanceOf(MergeException.class)
                .hasMessageStartingWith(
                        "r.yml:1:4: alias '*b' has no anchor before it (expected a value marked "
                                + "'&b' that ends before it, found none)");
    }

    @Test
    void aValueCannotContainItself() {
        assertThatThrownBy(() -> documents("a: &a [1, *a]\n"))
                .isInstanceOf(MergeException.class)
                .hasMessageStartingWith("r.yml:1:11: alias '*a' has no anchor before it");
    }

    @Test
    void aBombOfAliasesIsRefused() {
        String bomb =
                IntStream.range(1, 12)
                        .mapToObj(i ->
                                "a%d: &a%d [%s]%n"
                                        .formatted(i, i, ("*a" + (i - 1) + ", ").repeat(10)))
                        .collect(Collectors.joining("", "a0: &a0 [x]\n", ""));
        assertThatThrownBy(() -> documents(bomb))
                .isInstanceOf(MergeException.class)
                .hasMessageContaining(
                        "too many values, counting each use of an alias (expected at most 100000)");
    }

    @Test
    void aThousandUsesOfAnAliasAreFine() {
        documents("a: &a {weight: 1}\nb: [" + "*a, ".repeat(1000) + "]\n");
        assertThat(problems.all()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"[", "{a: ", "- ", "? "})
    void absurdNestingIsRefused(String open) {
        assertThatThrownBy(() -> documents(open.repeat(100_000)))
                .isInstanceOf(MergeException.class)
                .hasMessageContaining("nested more than 50 levels deep");
    }

    @Test
    void anAbsurdlyLongTextIsRefused() {
        assertThatThrownBy(() -> documents("#".repeat((1 << 20) + 1)))
                .isInstanceOf(MergeException.class)
                .hasMessage(
                        "r.yml: is too large for a recipe (expected at most 1048576 characters)");
    }

    @Test
    void aControlCharacterIsNamedWithItsPlace() {
        assertThatThrownBy(() -> documents("a: 1\nb: x\u0007y\n"))
                .isInstanceOf(MergeException.class)
                .hasMessage(
                        """
                        r.yml:2:5: a character that YAML does not allow (found U+0007); remove it: a \
                        recipe is plain text
                            2 | b: x?y
                              |     ^\
                        """);
    }

    @Test
    void theVersionInADirectiveDoesNotMatter() {
        assertThat(texts(mapping("%YAML 2.0\n---\na: 1\n"))).isEqualTo(Map.of("a", "1"));
    }

    @Test
    void problemsDoNotStopTheReading() {
        documents("{a: 1, a: 2, b: {c: 1, c: 2}}");
        assertThat(problems.all())
                .extracting(Problem::what)
                .containsExactly(
                        "duplicate key 'a', first on line 1", "duplicate key 'c', first on line 1");
    }
}
