package jmergekit.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import jmergekit.docs.Page;
import jmergekit.fixture.Cli;
import jmergekit.method.MergeMethod;
import jmergekit.method.MergeMethods;
import jmergekit.method.Param;
import jmergekit.weights.JsonTree;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/// The schemas as editors use them: on all recipes that there are.
class RecipeSchemaTest {
    /// Another corpus can be named: `-Djmergekit.corpus=DIR`.
    private static final Path CORPUS =
            Path.of(System.getProperty("jmergekit.corpus", "src/test/resources/corpus"));

    /// What has an anchor may have any name, which no schema can say.
    private static final Set<String> ANCHORS = Set.of("yaml-merge-keys");

    private static final String DRAFT = "https://json-schema.org/draft/2020-12/schema";

    @TempDir private Path folder;

    @ParameterizedTest
    @EnumSource
    void aSchemaIsOneOfItsDraft(SchemaKind kind) {
        JsonNode schema = JsonTree.MAPPER.readTree(RecipeSchema.of(kind, MergeMethods.builtIn()));

        assertThat(schema.get("$schema").stringValue()).isEqualTo(DRAFT);
        assertThat(
                        SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                                .getSchema(com.networknt.schema.SchemaLocation.of(DRAFT))
                                .validate(schema))
                .isEmpty();
    }

    /// Those that came after draft 7, which older editors know.
    @ParameterizedTest
    @EnumSource
    void noWordIsNewerThanEditors(SchemaKind kind) {
        Set<String> keywords = new TreeSet<>();
        keywords(JsonTree.MAPPER.readTree(RecipeSchema.of(kind, MergeMethods.builtIn())), keywords);

        assertThat(keywords)
                .isSubsetOf(
                        "$defs",
                        "$ref",
                        "$schema",
                        "additionalProperties",
                        "allOf",
                        "anyOf",
                        "const",
                        "description",
                        "else",
                        "enum",
                        "if",
                        "items",
                        "maxItems",
                        "maximum",
                        "minItems",
                        "minLength",
                        "minimum",
                        "not",
                        "oneOf",
                        "pattern",
                        "patternProperties",
                        "properties",
                        "required",
                        "then",
                        "title",
                        "type");
    }

    private static void keywords(JsonNode schema, Set<String> found) {
        schema.properties()
                .forEach(e -> {
                    found.add(e.getKey());
                    boolean named =
                            Set.of("properties", "patternProperties", "$defs").contains(e.getKey());
                    (named ? e.getValue().values() : List.of(e.getValue()))
                            .forEach(v -> keywords(v, found));
                });
        if (schema.isArray()) {
            schema.forEach(item -> keywords(item, found));
        }
    }

    @TestFactory
    Stream<DynamicTest> editorsHaveNothingAgainstExamples() throws IOException {
        return recipes(Path.of("examples")).stream()
                .map(file ->
                        dynamicTest(
                                file.toString(),
                                () -> assertThat(editor(file).problems(text(file))).isEmpty()));
    }

    @TestFactory
    Stream<DynamicTest> editorsHaveNothingAgainstRecipesOfTheDocs() throws IOException {
        List<String> recipes = new ArrayList<>();
        for (Path page : files(Path.of("docs"), ".md")) {
            Page.read(page).blocks("yaml").stream()
                    .filter(RecipeSchemaTest::isWhole)
                    .forEach(recipes::add);
        }
        assertThat(recipes).hasSizeGreaterThan(20);
        return recipes.stream()
                .map(r ->
                        dynamicTest(
                                r.lines().findFirst().orElseThrow(),
                                () -> assertThat(new Editor(kind("", r)).problems(r)).isEmpty()));
    }

    private static boolean isWhole(String block) {
        return block.contains("merge_method:")
                || block.contains("gate_mode:")
                || block.contains("\ntasks:");
    }

    /// The cases about errors are refused when they are planned; the editor may see them before.
    @TestFactory
    Stream<DynamicTest> editorsAndTheParserAgreeOnTheCorpus() throws IOException {
        return recipes(CORPUS).stream()
                .filter(f -> f.getFileName().toString().equals("config.yml"))
                .filter(f -> !f.getParent().getParent().endsWith("errors"))
                .filter(f -> !ANCHORS.contains(f.getParent().getFileName().toString()))
                .map(file ->
                        dynamicTest(
                                CORPUS.relativize(file).toString(),
                                () -> {
                                    List<String> parser =
                                            new Parser(
                                                            kind(file),
                                                            file.toAbsolutePath().getParent())
                                                    .problems(text(file));
                                    List<String> editor = editor(file).problems(text(file));

                                    assertThat(editor.isEmpty())
                                            .as("editor %s, parser %s", editor, parser)
                                            .isEqualTo(parser.isEmpty());
                                }));
    }

    private static List<Path> recipes(Path folder) throws IOException {
        // A recipe with a plugin's method is not one for everybody.
        return files(folder, ".yml").stream()
                .filter(f -> !f.getParent().endsWith("plugin"))
                .toList();
    }

    private static List<Path> files(Path folder, String ending) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(f -> f.toString().endsWith(ending)).sorted().toList();
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Editor editor(Path file) {
        return new Editor(kind(file));
    }

    private static SchemaKind kind(Path file) {
        return kind(file.toString(), text(file));
    }

    private static SchemaKind kind(String file, String recipe) {
        if (recipe.contains("\ntasks:")) {
            return SchemaKind.EVOLVE;
        }
        if (recipe.contains("\n---\n")) {
            return SchemaKind.MULTI;
        }
        if (recipe.contains("layer_slices:")) {
            return SchemaKind.BAKLLAMA;
        }
        boolean loose = file.contains("pytorch/") || recipe.contains("checkpoints/");
        return recipe.contains("experts:")
                ? SchemaKind.MOE
                : loose ? SchemaKind.PYTORCH : SchemaKind.MERGE;
    }

    /// Each would make another merge than its author meant, or none.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{merge_method: tis, base_model: b, models: [{model: a}]}",
                "{merge_method: ties, base_model: b, model: [{model: a}]}",
                "{merge_method: ties, models: [{model: a}]}",
                "{merge_method: ties, base_model: b, models: [{model: a, weight: 1}]}",
                "{merge_method: ties, base_model: b,"
                        + " models: [{model: a, parameters: {densty: 0.5}}]}",
                "{merge_method: ties, base_model: b,"
                        + " models: [{model: a, parameters: {weight: 1, density: 1.5}}]}",
                "{merge_method: ties, base_model: b,"
                        + " models: [{model: a, parameters: {weight: 1, density: [0.5, 2]}}]}",
                "{merge_method: linear, models: [{model: a, parameters: {weight: [{filter: mlp}]}}]}",
                "{merge_method: linear, normalize: true, models: [{model: a, parameters: {weight: 1}}]}",
                "{merge_method: linear, dtype: bfloat61, models: [{model: a, parameters: {weight: 1}}]}",
                "{merge_method: linear, chat_template: chat,"
                        + " models: [{model: a, parameters: {weight: 1}}]}",
                "{merge_method: linear, models: [{model: a, parameters: {weight: 1}}],"
                        + " slices: [{sources: [{model: a}]}]}",
            })
    void wrongRecipesAreRefusedByBoth(String text) throws IOException {
        String recipe =
                text.replace("model: a", "model: examples/models/chat")
                        .replace("base_model: b", "base_model: examples/models/base");
        Path file = Files.writeString(folder.resolve("recipe.yml"), recipe);

        Cli.Result result =
                Cli.run(
                        Path.of("").toAbsolutePath(),
                        "yaml",
                        file.toString(),
                        "unused",
                        "--dry-run",
                        "--strict");

        assertThat(result.code()).as(result.err()).isEqualTo(2);
        assertThat(new Editor(SchemaKind.MERGE).problems(recipe)).isNotEmpty();
    }

    /// The schema has no list of its own.
    @Test
    void eachParameterOfEachMethodIsThere() {
        JsonNode definitions =
                JsonTree.MAPPER
                        .readTree(RecipeSchema.of(SchemaKind.MERGE, MergeMethods.builtIn()))
                        .get("$defs");
        for (MergeMethod method : MergeMethods.builtIn().all()) {
            JsonNode level = definitions.get(method.info().name() + ".parameters");
            JsonNode model = definitions.get(method.info().name() + ".model_parameters");
            for (Param param : method.info().params()) {
                assertThat(level.get("properties").has(param.name())).isTrue();
                assertThat(
                                Optional.ofNullable(model.get("properties").get(param.name()))
                                        .isPresent())
                        .isEqualTo(param.perModel());
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"slices", "modules", "tokenizer", "tokenizer_source", "chat_template"})
    void looseTensorsHaveNoneOfWhatModelsHave(String key) {
        String recipe = "{merge_method: linear, models: [{model: a}], %s: x}\n".formatted(key);

        assertThat(new Editor(SchemaKind.PYTORCH).problems(recipe))
                .anyMatch(p -> p.contains("'" + key + "'"));
    }

    @Test
    void theCommandPrintsWhatEditorsRead() {
        Cli.Result result = Cli.run(folder, "schema", "moe");

        assertThat(result.code()).isZero();
        assertThat(result.err()).isEmpty();
        assertThat(result.out()).isEqualTo(RecipeSchema.of(SchemaKind.MOE, MergeMethods.builtIn()));
        assertThat(Cli.run(folder, "schema").out())
                .isEqualTo(RecipeSchema.of(SchemaKind.MERGE, MergeMethods.builtIn()));
    }

    @Test
    void anUnknownKindIsAnsweredWithTheList() {
        Cli.Result result = Cli.run(folder, "schema", "mege");

        assertThat(result.code()).isEqualTo(2);
        assertThat(result.out()).isEmpty();
        assertThat(result.err())
                .isEqualTo(
                        "error: mergekit schema: unknown kind of recipe 'mege' (did you mean "
                                + "'merge'?) (expected one of merge, moe, multi, evolve, "
                                + "pytorch, bakllama)\n");
    }
}
