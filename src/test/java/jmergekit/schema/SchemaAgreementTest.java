package jmergekit.schema;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import jmergekit.config.Choice;
import jmergekit.config.Key;
import jmergekit.config.Section;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Each key that a section knows is in the schema and read by the parser, with the same form: both
/// accept the same small recipes and refuse the same wrong ones.
class SchemaAgreementTest {
    private static final Map<SchemaKind, Editor> EDITORS = new EnumMap<>(SchemaKind.class);

    /// A key with a value.
    record Case(Section section, Key key, String value) {
        @Override
        public String toString() {
            return section + " " + key.name() + ": " + value;
        }

        String recipe() {
            return Samples.recipe(section, Samples.text(Samples.with(section, key.name(), value)));
        }
    }

    static List<Case> good() {
        List<Case> all = new ArrayList<>();
        for (Section section : Section.values()) {
            section.known().stream()
                    .filter(k -> section != Section.LAYER_SLICE || !k.name().equals("scale"))
                    .forEach(k -> all.add(new Case(section, k, Samples.good(k, section))));
        }
        return all;
    }

    static List<Case> bad() {
        List<Case> all = new ArrayList<>();
        for (Section section : Section.values()) {
            for (Key key : section.known()) {
                Samples.bad(key.form()).forEach(v -> all.add(new Case(section, key, v)));
            }
        }
        return all;
    }

    @ParameterizedTest
    @EnumSource
    void thePagesTellOfEachKey(Section section) throws IOException {
        String page =
                switch (Samples.kind(section)) {
                    case MOE -> "moe-config";
                    case EVOLVE -> "evolve-config";
                    default -> "recipe";
                };
        String text = Files.readString(Path.of("docs", "reference", page + ".md"));

        if (Samples.kind(section) != SchemaKind.BAKLLAMA) {
            assertThat(section.known())
                    .allMatch(k -> Pattern.compile("\\b" + k.name() + "\\b").matcher(text).find());
        }
    }

    private static List<String> editor(Section section, String recipe) {
        return EDITORS.computeIfAbsent(Samples.kind(section), Editor::new).problems(recipe);
    }

    private static List<String> parser(Section section, String recipe) {
        return new Parser(Samples.kind(section), Path.of("nowhere")).problems(recipe);
    }

    @ParameterizedTest
    @MethodSource("good")
    void bothTakeEachKey(Case one) {
        assertThat(editor(one.section(), one.recipe())).as(one.recipe()).isEmpty();
        assertThat(parser(one.section(), one.recipe())).as(one.recipe()).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("bad")
    void bothRefuseAnotherFormOfEachKey(Case one) {
        assertThat(editor(one.section(), one.recipe())).as(one.recipe()).isNotEmpty();
        assertThat(parser(one.section(), one.recipe())).as(one.recipe()).isNotEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void bothMissWhatIsRequired(Section section) {
        for (String name : Samples.least(section).keySet()) {
            Map<String, String> rest = Samples.least(section);
            rest.remove(name);
            // Another choice takes its place there, or it is a reference of another kind.
            if (section == Section.TOKEN_SOURCE) {
                continue;
            }
            String recipe = Samples.recipe(section, Samples.text(rest));

            assertThat(editor(section, recipe)).as(recipe).isNotEmpty();
            assertThat(parser(section, recipe)).as(recipe).isNotEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void bothObjectToAnUnknownKey(Section section) {
        Map<String, String> more = Samples.least(section);
        more.put("nonesuch", "1");
        String recipe = Samples.recipe(section, Samples.text(more));

        assertThat(editor(section, recipe)).as(recipe).isNotEmpty();
        assertThat(parser(section, recipe)).as(recipe).isNotEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void bothRefuseTwoOfAChoice(Section section) {
        for (Choice choice : section.choices()) {
            Map<String, String> both = Samples.least(section);
            section.known().stream()
                    .filter(k -> choice.keys().subList(0, 2).contains(k.name()))
                    .forEach(k -> both.put(k.name(), Samples.good(k, section)));
            String recipe = Samples.recipe(section, Samples.text(both));

            assertThat(editor(section, recipe)).as(recipe).isNotEmpty();
            assertThat(parser(section, recipe)).as(recipe).isNotEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"yes", "No", "ON", "off", "True", "'true'", "FALSE", "y", "1", "''", "nope"})
    void bothTakeTheSameWordsForFlags(String word) {
        String recipe = Samples.recipe(Section.TOKEN, "{force: " + word + "}");

        assertThat(editor(Section.TOKEN, recipe).isEmpty())
                .isEqualTo(parser(Section.TOKEN, recipe).isEmpty());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1", "-1.5", "'0.5'", "1e-5", "'1e-5'", "1_000", ".5", "5.", "0x1F", "'-'", "'.'",
                "one", ".nan", "'1 2'", "' 7 '"
            })
    void bothTakeTheSameTextsForNumbers(String text) {
        String recipe =
                Samples.recipe(Section.MODEL, "{model: a, parameters: {weight: " + text + "}}");

        assertThat(editor(Section.MODEL, recipe).isEmpty())
                .isEqualTo(parser(Section.MODEL, recipe).isEmpty());
    }
}
