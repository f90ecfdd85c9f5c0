package jmergekit.planner;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import jmergekit.config.Composition.WholeModels;
import jmergekit.config.InputModel;
import jmergekit.config.MergeConfig;
import jmergekit.config.ParameterSet;
import jmergekit.config.RecipeReader;
import jmergekit.fixture.WordyMerge;
import jmergekit.method.MergeInput;
import jmergekit.method.MergeMethods;
import jmergekit.method.Parameters;
import jmergekit.method.Value;
import jmergekit.primitive.Primitives;
import jmergekit.problem.Problems;
import jmergekit.tensor.Shape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Parameters that are words and lists, from the text of a recipe to what a method is told.
class ParameterResolverTest {
    private static final MergeMethods METHODS = MergeMethods.builtIn().with(new WordyMerge());

    private final Problems problems = new Problems();

    @Test
    void wordsAndListsReachTheMethod() {
        MergeInput input =
                input("mode: cosine, levels: [0.5, 1, 2]", "label: yes, heads: [key, query]");

        assertThat(problems.all()).isEmpty();
        assertThat(input.word(WordyMerge.MODE)).isEqualTo("cosine");
        assertThat(input.numberList(WordyMerge.LEVELS)).containsExactly(0.5, 1, 2);
        assertThat(input.word(0, WordyMerge.LABEL)).isEqualTo("yes");
        assertThat(input.wordList(0, WordyMerge.HEADS)).containsExactly("key", "query");
    }

    @Test
    void whatIsNotSetHasItsDefault() {
        MergeInput input = input("levels: []", "label: a");

        assertThat(input.word(WordyMerge.MODE)).isEqualTo("dot");
        assertThat(input.numberList(WordyMerge.LEVELS)).isEmpty();
        assertThat(input.wordList(0, WordyMerge.HEADS)).isEmpty();
    }

    @Test
    void aWordMayBeANumberAndQuotesDoNotMatter() {
        assertThat(input("levels: [1]", "label: 0.50").word(0, WordyMerge.LABEL)).isEqualTo("0.50");
        assertThat(input("levels: [1]", "label: 'a b'").word(0, WordyMerge.LABEL)).isEqualTo("a b");
    }

    @Test
    void aModelTakesTheWordOfTheRecipeWhereItHasNone() {
        MergeInput input = input("levels: [1], label: all, heads: [value]", "");

        assertThat(input.word(0, WordyMerge.LABEL)).isEqualTo("all");
        assertThat(input.wordList(0, WordyMerge.HEADS)).containsExactly("value");
    }

    @Test
    void theFirstFilterThatMatchesDecides() {
        String parameters =
                "mode: [{filter: norm, value: dot}, {filter: mlp, value: cosine}],"
                        + " levels: [{filter: mlp, value: [3, 4]}, {value: [5]}]";

        MergeInput input = input(parameters, "label: a");

        assertThat(input.word(WordyMerge.MODE)).isEqualTo("cosine");
        assertThat(input.numberList(WordyMerge.LEVELS)).containsExactly(3, 4);
    }

    @Test
    void aListOfNumbersForANumberIsAGradientStill() {
        MergeInput input = input("levels: [0, 1], share: [0, 1]", "label: a");

        assertThat(input.number(WordyMerge.SHARE)).isEqualTo(0.25);
        assertThat(input.numberList(WordyMerge.LEVELS)).containsExactly(0, 1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "mode: [dot] | 'mode' has the wrong form (expected a word or a list of mappings"
                        + " with 'filter' and 'value', found a list of 1)",
                "mode: ~ | 'mode' has the wrong form (expected a word or a list of mappings with"
                        + " 'filter' and 'value', found nothing)",
                "mode: {value: [a]} | 'mode' has the wrong form (expected a word, found a list of"
                        + " 1)",
                "levels: 1 | 'levels' has the wrong form (expected a list of numbers or a list of"
                        + " mappings with 'filter' and 'value', found '1')",
                "levels: [1, x] | 'levels' has the wrong form (expected only numbers in this list,"
                        + " found 'x')",
                "levels: [.inf] | 'levels' is not finite (expected a finite number, found '.inf')",
                "levels: {value: 2} | 'levels' has the wrong form (expected a list of numbers,"
                        + " found '2')",
                "heads: key | 'heads' has the wrong form (expected a list of words or a list of"
                        + " mappings with 'filter' and 'value', found 'key')",
                "heads: [[key]] | 'heads' has the wrong form (expected only words in this list,"
                        + " found a list of 1)",
                "share: much | 'share' has the wrong form (expected a number, a list of numbers, or"
                        + " a list of mappings with 'filter' and 'value', found 'much')",
            })
    void aValueOfTheWrongFormIsRefusedInItsPlace(String parameter, String problem) {
        read(parameter, "label: a");

        assertThat(firstLine()).startsWith("r.yml:2:").endsWith("parameter " + problem);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "mode: cosin | 'mode' cannot have this value (did you mean 'cosine'?) (expected cosine"
                        + " or dot, found 'cosin')",
                "mode: angle | 'mode' cannot have this value (expected cosine or dot, found 'angle')",
                "levels: [1, 11] | 'levels' is out of range (expected a list of numbers, each 0 to"
                        + " 10, found [1, 11])",
                "heads: [key, quary] | 'heads' cannot have this value (did you mean 'query'?) (expected"
                        + " a list of words, each query or key or value, found [key, quary])",
            })
    void aValueThatIsNotAllowedIsRefused(String parameter, String problem) {
        String levels = parameter.startsWith("levels") ? "" : ", levels: [1]";

        input(parameter + levels, "label: a");

        assertThat(firstLine()).isEqualTo("r.yml:2:14: " + problem);
    }

    /// The tensor is at a quarter of the way through the layers.
    @Test
    void aParameterThatRisesOverTheLayersHasItsShareOfThem() {
        assertThat(ties("lines_alpha: 0.5, lines_beta: 0.8"))
                .containsEntry("lines_alpha", Value.of(0.5))
                .containsEntry("lines_beta", Value.of(0.2));
    }

    @Test
    void stepsThatChangeNothingAreNotInThePlan() {
        assertThat(ties("lines_alpha: 1, lines_beta: 0, svc: 0, subspace_boosting: 1"))
                .doesNotContainKeys("lines_alpha", "lines_beta", "svc", "subspace_boosting")
                .containsKey("lambda");
    }

    private Map<String, Value> ties(String parameters) {
        String text =
                "merge_method: ties\nbase_model: b\nmodels: [{model: a}]\nparameters: {weight: 1, %s}\n"
                        .formatted(parameters);
        MergeConfig config =
                new RecipeReader(Path.of("nowhere"), METHODS)
                        .read("r.yml", text, problems)
                        .orElseThrow();
        String name = "model.layers.1.mlp.up_proj.weight";
        return new ParameterResolver(config, METHODS.named("ties").orElseThrow().info(), problems)
                .resolve(
                        name,
                        List.of(new ParameterResolver.Source("a", ParameterSet.EMPTY, name)),
                        Primitives.NO_BASE,
                        ParameterSet.EMPTY,
                        ParameterSet.EMPTY,
                        0.25)
                .orElseThrow()
                .parameters()
                .global();
    }

    @Test
    void aListThatMustBeGivenIsMissed() {
        resolve("mode: dot", "label: a");

        assertThat(firstLine())
                .isEqualTo(
                        "r.yml:1:15: merge method 'wordy' needs parameter 'levels'; set it under"
                                + " the top-level 'parameters'");
    }

    @Test
    void aParameterOfAGivenMethodBesideParametersIsMisplaced() {
        Problems found = new Problems();
        new RecipeReader(Path.of("nowhere"), METHODS)
                .read("r.yml", "merge_method: wordy\nlevels: [1]\nmodels: [{model: a}]\n", found);

        assertThat(found.all())
                .singleElement()
                .asString()
                .contains("method parameter 'levels' is at the top level", "under 'parameters'");
    }

    @Test
    void namesAreThoseOfTheGivenMethods() {
        MergeConfig config =
                read("levels: [1], mod: dot, density: 1, any: [a]", "label: a").orElseThrow();

        new ParameterNames(
                        config,
                        RecipeMethod.of(config, METHODS, problems).map(m -> m.info()),
                        METHODS,
                        problems)
                .check();

        assertThat(problems.all().stream().map(p -> p.toString().lines().findFirst().orElse("")))
                .containsExactly(
                        "r.yml:2:27: unknown parameter 'mod' for merge method 'wordy' (did you mean"
                                + " 'mode'?)",
                        "r.yml:2:37: unknown parameter 'density' for merge method 'wordy'; it "
                                + "belongs to other methods",
                        "r.yml:2:49: unknown parameter 'any' for merge method 'wordy'");
    }

    private MergeInput input(String parameters, String ofModel) {
        Parameters resolved = resolve(parameters, ofModel).orElseThrow();
        return new MergeInput("x", Shape.of(1), List.of(0), Primitives.NO_BASE, 0, resolved);
    }

    private Optional<Parameters> resolve(String parameters, String ofModel) {
        MergeConfig config = read(parameters, ofModel).orElseThrow();
        InputModel model = ((WholeModels) config.composition()).models().getFirst();
        String name = "model.layers.1.mlp.up_proj.weight";
        return new ParameterResolver(config, new WordyMerge().info(), problems)
                .resolve(
                        name,
                        List.of(new ParameterResolver.Source("a", model.parameters(), name)),
                        Primitives.NO_BASE,
                        ParameterSet.EMPTY,
                        ParameterSet.EMPTY,
                        0.25)
                .map(ParameterResolver.Resolved::parameters);
    }

    private Optional<MergeConfig> read(String parameters, String ofModel) {
        String text =
                "merge_method: wordy\nparameters: {%s}\nmodels: [{model: a, parameters: {%s}}]\n"
                        .formatted(parameters, ofModel);
        return new RecipeReader(Path.of("nowhere"), METHODS).read("r.yml", text, problems);
    }

    private String firstLine() {
        return problems.all().getFirst().toString().lines().findFirst().orElseThrow();
    }
}
