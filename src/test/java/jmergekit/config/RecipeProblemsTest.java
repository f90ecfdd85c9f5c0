package jmergekit.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import jmergekit.problem.Problems;
import org.junit.jupiter.api.Test;

/// The text of every problem of a recipe that is valid YAML, apart from its tokenizer section.
final class RecipeProblemsTest {
    private static final String MODELS = "merge_method: linear\nmodels: [{model: a}]\n";
    private static final String FORMS =
            "a number, a list of numbers, or a list of mappings with 'filter' and 'value'";

    private static List<String> reports(String text) {
        return Recipes.reports(text);
    }

    private static List<String> sourceReports(String source) {
        return reports("merge_method: x\nslices:\n- sources:\n  - " + source + "\n");
    }

    private static List<String> modelReports(String model) {
        return reports("merge_method: linear\nmodels:\n- model: " + model + "\n");
    }

    @Test
    void aReportShowsTheLine() {
        Problems problems = new Problems();
        Recipes.read(
                "merge_method: linear\nmodels: [{model: a, parameters: {weight: heavy}}]",
                problems);
        assertThat(problems.all().getFirst())
                .hasToString(
                        """
                        r.yml:2:42: parameter 'weight' has the wrong form (expected a number, a \
                        list of numbers, or a list of mappings with 'filter' and 'value', \
                        found 'heavy')
                            2 | models: [{model: a, parameters: {weight: heavy}}]
                              |                                          ^^^^^\
                        """);
    }

    @Test
    void anEmptyRecipe() {
        assertThat(reports("# nothing\n"))
                .containsExactly(
                        "r.yml: the recipe is empty (expected at least 'merge_method' and"
                                + " 'models')");
    }

    @Test
    void aListAtTheTop() {
        assertThat(reports("- merge_method: linear\n"))
                .containsExactly(
                        "r.yml:1:1: the recipe has the wrong form (expected a mapping, found a list"
                                + " of 1)");
    }

    @Test
    void severalDocuments() {
        assertThat(reports(MODELS + "---\n" + MODELS))
                .containsExactly(
                        "r.yml:4:1: this is a recipe for mergekit-multi (expected one for"
                                + " mergekit-yaml, with 'merge_method' and 'models', found 2"
                                + " recipes, separated by '---'); run mergekit-multi with it");
    }

    @Test
    void invalidYaml() {
        assertThat(reports("models: [\n  - model: x\n"))
                .containsExactly(
                        "r.yml:2:3: a '- ' inside '['; separate the values in brackets with ',' "
                                + "and remove '-'");
    }

    @Test
    void aDuplicateKey() {
        assertThat(reports(MODELS + "models: [{model: b}]\n"))
                .containsExactly(
                        "r.yml:3:1: duplicate key 'models', first on line 2; keep only one of "
                                + "them");
    }

    @Test
    void noMergeMethod() {
        assertThat(reports("models: [{model: a}]\n"))
                .containsExactly("r.yml:1:1: no 'merge_method' in the recipe");
        assertThat(reports("merge_method:\nmodels: [{model: a}]\n"))
                .containsExactly("r.yml:1:1: no 'merge_method' in the recipe");
        assertThat(reports("merge_method: [linear]\nmodels: [{model: a}]\n"))
                .containsExactly(
                        "r.yml:1:15: 'merge_method' has the wrong form (expected text, found a list"
                                + " of 1)");
    }

    @Test
    void nothingToMerge() {
        assertThat(reports("merge_method: linear\n"))
                .containsExactly(
                        "r.yml:1:1: need exactly one of 'models', 'slices' and 'modules' in the "
                                + "recipe (expected one, found none)");
    }

    @Test
    void misspeltModels() {
        assertThat(reports("merge_method: linear\nmodel: [{model: a}]\n"))
                .containsExactly(
                        "r.yml:1:1: need exactly one of 'models', 'slices' and 'modules' in the "
                                + "recipe (expected one, found none); is 'model' meant to be "
                                + "'models'?",
                        "r.yml:2:1: unknown key 'model' at the top level (did you mean"
                                + " 'models'?)");
    }

    @Test
    void modelsAndSlices() {
        assertThat(reports(MODELS + "slices: [{sources: [{model: a}]}]\n"))
                .containsExactly(
                        "r.yml:3:1: need exactly one of 'models', 'slices' and 'modules' in the "
                                + "recipe (expected one, found 'models' and 'slices'); keep only "
                                + "one of them");
    }

    @Test
    void aModuleWithBoth() {
        assertThat(
                        reports(
                                """
                                merge_method: linear
                                modules:
                                  default:
                                    models: [{model: a}]
                                    slices: [{sources: [{model: a}]}]
                                """))
                .containsExactly(
                        "r.yml:5:5: need exactly one of 'models' and 'slices' in module "
                                + "'default' (expected one, found 'models' and 'slices'); keep "
                                + "only one of them");
    }

    @Test
    void aModuleWithNeither() {
        assertThat(reports("merge_method: linear\nmodules: {default: {parameters: {weight: 1}}}\n"))
                .containsExactly(
                        "r.yml:2:20: need exactly one of 'models' and 'slices' in module "
                                + "'default' (expected one, found none)");
    }

    @Test
    void compositionsOfTheWrongForm() {
        assertThat(reports("merge_method: linear\nmodels: a\n"))
                .containsExactly(
                        "r.yml:2:9: 'models' has the wrong form (expected a list of mappings with"
                                + " 'model', found 'a')");
        assertThat(reports("merge_method: linear\nmodels: []\n"))
                .containsExactly(
                        "r.yml:2:9: 'models' has the wrong form (expected a list of mappings with"
                                + " 'model', found an empty list)");
        assertThat(reports("merge_method: linear\nmodels: [a]\n"))
                .containsExactly(
                        "r.yml:2:10: an entry of 'models' has the wrong form (expected a mapping,"
                                + " found 'a')");
        assertThat(reports("merge_method: linear\nmodels: [{parameters: {weight: 1}}]\n"))
                .containsExactly("r.yml:2:10: no 'model' in an entry of 'models'");
        assertThat(reports("merge_method: linear\nslices: {sources: []}\n"))
                .containsExactly(
                        "r.yml:2:9: 'slices' has the wrong form (expected a list of mappings with"
                                + " 'sources', found a mapping)");
        assertThat(reports("merge_method: linear\nslices: [{parameters: {t: 1}}]\n"))
                .containsExactly("r.yml:2:10: no 'sources' in an entry of 'slices'");
        assertThat(reports("merge_method: linear\nslices: [{sources: []}]\n"))
                .containsExactly(
                        "r.yml:2:20: 'sources' has the wrong form (expected a list of mappings with"
                                + " 'model', found an empty list)");
        assertThat(reports("merge_method: linear\nmodules: [text]\n"))
                .containsExactly(
                        "r.yml:2:10: 'modules' has the wrong form (expected a mapping of module"
                                + " names, found a list of 1)");
        assertThat(reports("merge_method: linear\nmodules: {text: }\n"))
                .containsExactly(
                        "r.yml:2:16: module 'text' has the wrong form (expected a mapping, found"
                                + " nothing)");
    }

    @Test
    void layerRangesOfTheWrongForm() {
        String wrongForm =
                "r.yml:4:29: 'layer_range' has the wrong form (expected a list of two whole"
                        + " numbers, found %s)";
        assertThat(sourceReports("{model: a, layer_range: [0, 1, 2]}"))
                .containsExactly(wrongForm.formatted("a list of 3"));
        assertThat(sourceReports("{model: a, layer_range: 0-4}"))
                .containsExactly(wrongForm.formatted("'0-4'"));
        assertThat(sourceReports("{model: a, layer_range: [0, x]}"))
                .containsExactly(wrongForm.formatted("a list of 2"));
        assertThat(sourceReports("{model: a, layer_range: [0, 1.5]}"))
                .containsExactly(wrongForm.formatted("a list of 2"));
        assertThat(sourceReports("{model: a, layer_range: [0, [1]]}"))
                .containsExactly(wrongForm.formatted("a list of 2"));
    }

    @Test
    void layerRangesThatAreNoRanges() {
        String noRange =
                "r.yml:4:29: 'layer_range' is not a layer range (expected [start, end] with 0 <= "
                        + "start <= end; end is exclusive, found %s)";
        assertThat(sourceReports("{model: a, layer_range: [-1, 2]}"))
                .containsExactly(noRange.formatted("[-1, 2]"));
        assertThat(sourceReports("{model: a, layer_range: [3, 2]}"))
                .containsExactly(noRange.formatted("[3, 2]"));
    }

    @Test
    void parametersOfTheWrongForm() {
        String wrongForm =
                "r.yml:3:%d: parameter 'weight' has the wrong form (expected %s, found %s)";
        assertThat(Recipes.parameterReports("{weight: heavy}"))
                .containsExactly(wrongForm.formatted(35, FORMS, "'heavy'"));
        assertThat(Recipes.parameterReports("{weight: 'yes'}"))
                .containsExactly(wrongForm.formatted(35, FORMS, "'yes'"));
        assertThat(Recipes.parameterReports("{weight: }"))
                .containsExactly(wrongForm.formatted(34, FORMS, "nothing"));
        assertThat(Recipes.parameterReports("{weight: []}"))
                .containsExactly(wrongForm.formatted(35, FORMS, "an empty list"));
        assertThat(Recipes.parameterReports("{weight: [1, x, {value: 2}]}"))
                .containsExactly(
                        wrongForm.formatted(39, "only numbers in this list", "'x'"),
                        wrongForm.formatted(42, "only numbers in this list", "a mapping"));
        assertThat(Recipes.parameterReports("[weight]"))
                .containsExactly(
                        "r.yml:3:26: 'parameters' has the wrong form (expected a mapping, found a"
                                + " list of 1)");
    }

    @Test
    void parametersThatAreNotFinite() {
        String notFinite =
                "r.yml:3:%d: parameter 'weight' is not finite (expected a finite number, found"
                        + " '%s')";
        assertThat(Recipes.parameterReports("{weight: .nan}"))
                .containsExactly(notFinite.formatted(35, ".nan"));
        assertThat(Recipes.parameterReports("{weight: [0, -.inf]}"))
                .containsExactly(notFinite.formatted(39, "-.inf"));
        assertThat(Recipes.parameterReports("{weight: 1e999}"))
                .containsExactly(notFinite.formatted(35, "1e999"));
    }

    @Test
    void conditionalValuesOfTheWrongForm() {
        assertThat(Recipes.parameterReports("{weight: [{filter: mlp}]}"))
                .containsExactly("r.yml:3:36: no 'value' in a case of parameter 'weight'");
        assertThat(Recipes.parameterReports("{weight: [{value: 1}, 2]}"))
                .containsExactly(
                        "r.yml:3:48: a case of parameter 'weight' has the wrong form (expected a"
                                + " mapping, found '2')");
        assertThat(Recipes.parameterReports("{weight: [{value: [{value: 1}]}]}"))
                .containsExactly(
                        "r.yml:3:45: parameter 'weight' has the wrong form (expected only numbers"
                                + " in this list, found a mapping)");
        assertThat(Recipes.parameterReports("{weight: [{value: x}]}"))
                .containsExactly(
                        "r.yml:3:44: parameter 'weight' has the wrong form (expected a number or a"
                                + " list of numbers, found 'x')");
        assertThat(Recipes.parameterReports("{weight: [{filter: [a], value: 1}]}"))
                .containsExactly(
                        "r.yml:3:45: 'filter' has the wrong form (expected text, found a list of"
                                + " 1)");
        assertThat(Recipes.parameterReports("{weight: [{filtre: a, value: 1}]}"))
                .containsExactly(
                        "r.yml:3:37: unknown key 'filtre' in a conditional value (did"
                                + " you mean 'filter'?)");
    }

    @Test
    void modelReferencesOfTheWrongForm() {
        assertThat(modelReports("../llama-a+x+y"))
                .containsExactly(
                        "r.yml:3:10: model reference '../llama-a+x+y' has more than one '+' after"
                                + " the parts that exist on disk (expected"
                                + " path[@revision][+adapter[@revision]])");
        assertThat(modelReports("[a]"))
                .containsExactly(
                        "r.yml:3:10: 'model' has the wrong form (expected a model's path, or a"
                                + " mapping, found a list of 1)");
        assertThat(modelReports("{revision: r}"))
                .containsExactly(
                        "r.yml:3:10: 'model' does not name a single model (expected exactly one "
                                + "of the keys 'model' and 'path', found neither)");
        assertThat(modelReports("{model: a, path: b}"))
                .containsExactly(
                        "r.yml:3:10: 'model' does not name a single model (expected exactly one "
                                + "of the keys 'model' and 'path', found both)");
        assertThat(modelReports("{model: a+b, lora: c}"))
                .containsExactly(
                        "r.yml:3:10: 'lora' is given twice for one model (found 'c' and 'b')");
        assertThat(modelReports("{model: a@r, revision: s}"))
                .containsExactly(
                        "r.yml:3:10: 'revision' is given twice for one model (found 's' and 'r')");
        assertThat(modelReports("{model: a, lora: b+c}"))
                .containsExactly("r.yml:3:27: an adapter cannot have an adapter (found 'b+c')");
        assertThat(modelReports("{model: a, lora: {revision: r}}"))
                .containsExactly("r.yml:3:27: no 'path' in 'lora'");
        assertThat(modelReports("{model: a, loar: b}"))
                .containsExactly(
                        "r.yml:3:21: unknown key 'loar' in a model reference (did you"
                                + " mean 'lora'?)");
    }

    @Test
    void unknownKeysSayWhereTheyBelong() {
        assertThat(reports(MODELS + "weight: 1\nflavour: 4\nlayer_range: [0, 1]\nx-note: mine\n"))
                .containsExactly(
                        "r.yml:3:1: method parameter 'weight' is at the top level; it belongs"
                                + " under 'parameters'",
                        "r.yml:4:1: unknown key 'flavour' at the top level",
                        "r.yml:5:1: unknown key 'layer_range' at the top level; it"
                                + " belongs in an entry of 'sources'");
        assertThat(reports("merge_method: x\nmodels: [{model: a, weight: 1, dtype: float16}]\n"))
                .containsExactly(
                        "r.yml:2:21: method parameter 'weight' is in an entry of 'models'; it"
                                + " belongs under 'parameters'",
                        "r.yml:2:32: unknown key 'dtype' in an entry of 'models'; it"
                                + " belongs at the top level");
        assertThat(
                        reports(
                                "merge_method: x\n"
                                        + "slices: [{sources: [{model: a}], residual_weight: 1}]"))
                .containsExactly(
                        "r.yml:2:34: unknown key 'residual_weight' in an entry of 'slices'");
        assertThat(reports("merge-method: x\n" + MODELS))
                .containsExactly(
                        "r.yml:1:1: unknown key 'merge-method' at the top level (did you"
                                + " mean 'merge_method'?)");
    }

    @Test
    void inputModelParametersMustBeMappings() {
        assertThat(reports(MODELS + "input_model_parameters: [a]\n"))
                .containsExactly(
                        "r.yml:3:25: 'input_model_parameters' has the wrong form (expected a mapping"
                                + " from models to their parameters, found a list of 1)");
        assertThat(reports(MODELS + "input_model_parameters: {a: 1, b@: {weight: 1}}\n"))
                .containsExactly(
                        "r.yml:3:29: the value of 'a' has the wrong form (expected a mapping, found"
                                + " '1')",
                        "r.yml:3:32: model reference 'b@' has an empty revision after '@' (expected"
                                + " path[@revision][+adapter[@revision]])");
    }
}
