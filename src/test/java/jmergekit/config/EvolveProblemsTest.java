package jmergekit.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/// The text of every problem of a file for `mergekit-evolve`.
final class EvolveProblemsTest {
    private static final String GENOME = "genome: {models: [a, b], merge_method: linear}\n";

    private static List<String> reports(String text) {
        return Searches.reports(text);
    }

    private static List<String> genome(String genome) {
        return reports("genome: {" + genome + "}\n" + Searches.TASKS);
    }

    private static List<String> weight(String weight) {
        return reports(
                "merge_method: linear\nmodels: [{model: a, parameters: {weight: "
                        + weight
                        + "}}]\n"
                        + Searches.TASKS);
    }

    private static List<String> tasks(String tasks) {
        return reports(GENOME + "tasks: " + tasks + "\n");
    }

    private static List<String> evaluator(String evaluator) {
        return reports(GENOME + Searches.TASKS + "evaluator: " + evaluator + "\n");
    }

    private static List<String> stack(String stack) {
        return reports("stack: {" + stack + "}\n" + Searches.TASKS);
    }

    @Test
    void nothingIsSearched() {
        assertThat(reports(Searches.TASKS))
                .containsExactly(
                        "s.yml:1:1: nothing is searched (expected 'genome', 'stack' or a recipe with"
                                + " values such as 'weight: {search: [0, 1.5]}')");
        assertThat(reports("merge_method: linear\nmodels: [{model: a}]\n" + Searches.TASKS))
                .containsExactly(
                        "s.yml:1:1: nothing is searched (expected values such as 'weight: "
                                + "{search: [0, 1.5]}'); use mergekit-yaml for a recipe with "
                                + "nothing to search");
        assertThat(reports("merge_method: linear\nmodels: [{model: a}]\n"))
                .containsExactly(
                        "s.yml:1:1: this is a recipe for mergekit-yaml (expected one for"
                                + " mergekit-evolve, with 'tasks', and 'genome', 'stack' or a recipe"
                                + " with search marks); run mergekit-yaml with it");
    }

    @Test
    void emptyOrSeveral() {
        assertThat(reports("# nothing"))
                .containsExactly(
                        "s.yml: the recipe is empty (expected at least 'tasks', and 'genome',"
                                + " 'stack' or a recipe with search marks)");
        assertThat(reports(GENOME + Searches.TASKS + "---\n" + GENOME))
                .containsExactly(
                        "s.yml:4:1: unexpected second document (expected a single document for "
                                + "mergekit-evolve); a search needs its own file");
    }

    @Test
    void twoSubjects() {
        assertThat(reports(GENOME + "merge_method: ties\n" + Searches.TASKS))
                .containsExactly(
                        "s.yml:2:1: 'merge_method' cannot be combined with 'genome' (expected a "
                                + "single search space)");
        assertThat(reports(GENOME + "stack: {blocks: []}\n" + Searches.TASKS).getFirst())
                .startsWith("s.yml:2:1: 'stack' cannot be combined with 'genome'");
    }

    @Test
    void unknownKeys() {
        assertThat(reports(GENOME + "limits: 3\n" + Searches.TASKS))
                .containsExactly(
                        "s.yml:2:1: unknown key 'limits' at the top level (did you mean 'limit'?)");
        assertThat(genome("models: [a, b], merge_method: linear, filter: [x]"))
                .containsExactly(
                        "s.yml:1:48: unknown key 'filter' in 'genome' (did you mean 'filters'?)");
        assertThat(
                        reports(
                                "merge_method: linear\nlimt: 3\nmodels: [{model: a, parameters: {weight:"
                                        + " {search: [0, 1], stat: 1}}}]\ndtyp: x\n"
                                        + Searches.TASKS))
                .containsExactly(
                        "s.yml:2:1: unknown key 'limt' at the top level (did you mean 'limit'?)",
                        "s.yml:3:59: unknown key 'stat' in a search mark (did you mean 'start'?)",
                        "s.yml:4:1: unknown key 'dtyp' at the top level (did you mean 'dtype'?)");
    }

    @Test
    void wrongTypesAllAtOnce() {
        assertThat(
                        reports(
                                GENOME
                                        + "limit: 0\nnum_fewshot: -1\nshuffle: 3\nname: [x]\n"
                                        + Searches.TASKS))
                .containsExactly(
                        "s.yml:2:8: 'limit' has the wrong form (expected a whole number, 1 or "
                                + "more, found '0')",
                        "s.yml:3:14: 'num_fewshot' has the wrong form (expected a whole number, "
                                + "0 or more, found '-1')",
                        "s.yml:4:10: 'shuffle' has the wrong form (expected true or false, found"
                                + " '3')",
                        "s.yml:5:7: 'name' has the wrong form (expected text, found a list of 1)");
    }

    @Test
    void genomes() {
        assertThat(genome("models: [a, b], merge_method: della"))
                .containsExactly(
                        "s.yml:1:40: 'genome' does not support merge method 'della' (expected "
                                + "one of dare_ties, linear, slerp, task_arithmetic, ties); for "
                                + "any other method, write a recipe with search marks such as "
                                + "'weight: {search: [0, 1.5]}'");
        assertThat(genome("models: [a, a], merge_method: ties"))
                .containsExactly(
                        "s.yml:1:9: no 'base_model' in 'genome', which ties needs",
                        "s.yml:1:22: duplicate model (found 'a')");
        assertThat(genome("models: [a], merge_method: slerp, filters: [x, x], smooth: true"))
                .containsExactly(
                        "s.yml:1:19: too few models for slerp (expected two or more, found one)",
                        "s.yml:1:54: 'filters' has no effect with slerp; omit it: each group of "
                                + "layers interpolates between its own two models",
                        "s.yml:1:57: duplicate filter (found 'x')",
                        "s.yml:1:61: 'smooth' has no effect with slerp; omit it: each group of "
                                + "layers interpolates between its own two models");
        assertThat(genome("models: a"))
                .containsExactly(
                        "s.yml:1:9: no 'merge_method' in 'genome'",
                        "s.yml:1:18: 'models' has the wrong form (expected a list of models, found"
                                + " 'a')");
    }

    @Test
    void ofTasks() {
        assertThat(reports(GENOME)).containsExactly("s.yml:1:1: no 'tasks' in the file");
        assertThat(tasks("[]")).singleElement().asString().contains("'tasks' has the wrong form");
        assertThat(tasks("[a, {name: a}]"))
                .containsExactly(
                        "s.yml:2:19: duplicate task 'a' (expected a unique name, found the first "
                                + "one on line 2)");
        assertThat(tasks("[{name: a, weight: 0}]"))
                .containsExactly(
                        "s.yml:2:16: all tasks have weight 0 (expected at least one weight other "
                                + "than 0, found weights of 0)");
        assertThat(tasks("[{weight: x, file: f, extract: '('}]"))
                .containsExactly(
                        "s.yml:2:9: no 'name' in an entry of 'tasks'",
                        "s.yml:2:18: 'weight' has the wrong form (expected a finite number, found"
                                + " 'x')",
                        "s.yml:2:39: 'extract' is not a regular expression (found unclosed group)");
    }

    @Test
    void serversAreAskedAtPathsAndByNoMoreThanSoManyRequests() {
        String endpoint = "{endpoint: {serve: 's {model} {port}', health: %s, requests: %d}}";
        assertThat(evaluator(endpoint.formatted("'/a b'", 1)))
                .anyMatch(p -> p.contains("'health' is not a URL path"));
        assertThat(evaluator(endpoint.formatted("//other/up", 1)))
                .anyMatch(p -> p.contains("'health' is not a URL path"));
        assertThat(evaluator(endpoint.formatted("/up?all=1", 1001)))
                .noneMatch(p -> p.contains("'health'"))
                .anyMatch(p -> p.contains("too many concurrent requests (expected at most 1000"));
    }

    @Test
    void ofEvaluators() {
        assertThat(evaluator("buildin"))
                .containsExactly(
                        "s.yml:3:12: unknown evaluator 'buildin' (did you mean 'built-in'?) (expected"
                                + " one of built-in, command, lm_eval, endpoint)");
        assertThat(evaluator("built-in"))
                .containsExactly(
                        "s.yml:2:16: task 'a' has no items (expected a 'file' with JSON lines, "
                                + "which this evaluator needs)");
        assertThat(evaluator("command"))
                .containsExactly(
                        "s.yml:3:12: evaluator 'command' needs settings; write 'evaluator: {command:"
                                + " ...}'");
        assertThat(evaluator("{command: 'x {out}', lm_eval: }"))
                .containsExactly(
                        "s.yml:3:12: need exactly one evaluator (expected one of built-in, "
                                + "command, lm_eval, endpoint, found command and lm_eval)");
        assertThat(evaluator("{command: 'x {out}'}"))
                .containsExactly(
                        "s.yml:3:22: 'command' does not name the model (expected '{model}' as "
                                + "the placeholder for the model's folder)");
        assertThat(tasks("[{name: a, file: f}, b]"))
                .containsExactly(
                        "s.yml:2:25: lm_eval does not read the 'file' of task 'a'; give each "
                                + "task a 'file' to use the built-in evaluator; without an "
                                + "'evaluator', tasks with only a name use lm_eval");
    }

    @Test
    void ofMarks() {
        assertThat(weight("{search: 1}"))
                .containsExactly(
                        "s.yml:2:51: 'search' has the wrong form (expected a list of two numbers,"
                                + " [low, high], found '1')");
        assertThat(weight("{search: [1, 1]}"))
                .containsExactly(
                        "s.yml:2:51: 'search' is not a valid range (expected [low, high] with "
                                + "low < high, found [1.0, 1.0])");
        assertThat(weight("{search: [0, 1], scale: log}"))
                .containsExactly(
                        "s.yml:2:51: a range for 'scale: log' must start above 0 (found from 0.0)");
        assertThat(weight("{search: [0, 1], scale: cubic, step: 2, start: 3}"))
                .containsExactly(
                        "s.yml:2:66: unknown scale in a search mark (expected 'linear' or 'log', "
                                + "found 'cubic')",
                        "s.yml:2:79: 'step' does not fit the range (expected above 0, at most high -"
                                + " low, found 2.0)",
                        "s.yml:2:89: 'start' has the wrong form (expected a number in the range 0.0 to"
                                + " 1.0, found '3')");
        assertThat(weight("{gradient: 1, search: [0, 1]}"))
                .containsExactly(
                        "s.yml:2:53: 'gradient' has the wrong form (expected a whole number, 2 "
                                + "or more, found '1')");
        assertThat(weight("{gradient: 2}"))
                .containsExactly("s.yml:2:42: no 'search' in the search mark");
        assertThat(weight("{choice: [1], step: 1}"))
                .containsExactly(
                        "s.yml:2:51: 'choice' has the wrong form (expected a list of two or more"
                                + " values, found a list of 1)",
                        "s.yml:2:62: 'step' cannot be combined with 'choice'");
        assertThat(weight("{choice: [1, 2], start: 3}"))
                .containsExactly(
                        "s.yml:2:66: 'start' has the wrong form (expected one of 1, 2, found '3')");
    }

    @Test
    void theRecipeToStartFromIsRead() {
        assertThat(
                        reports(
                                """
                                merge_method: linear   # 😀
                                models:
                                - model: a
                                  parameters:
                                    weight:
                                      search: [0, 1]
                                      start: 0
                                    densit: x
                                - {parameters: {weight: {search: [0, 1]}, wait: y}, modle: b}
                                tasks: [a]
                                """))
                .containsExactly(
                        "s.yml:9:3: no 'model' in an entry of 'models'",
                        "s.yml:9:53: unknown key 'modle' in an entry of 'models' (did you mean"
                                + " 'model'?)");
    }

    private static List<String> ties(String method, String parameters) {
        return reports(
                "merge_method: "
                        + method
                        + "\nbase_model: b\nmodels:\n- model: a\n  parameters:\n    "
                        + parameters
                        + "\n"
                        + Searches.TASKS);
    }

    @Test
    void valuesThatAParameterDoesNotHave() {
        String range =
                "'density' is searched outside the values that ties allows (expected 0 to " + "1,";

        assertThat(ties("ties", "{weight: 1, density: {search: [0.5, 1.5]}}"))
                .containsExactly("s.yml:6:26: " + range + " found 1.5)");
        assertThat(ties("ties", "{weight: 1, density: {search: [-0.5, 1]}}"))
                .containsExactly("s.yml:6:26: " + range + " found -0.5)");
        assertThat(ties("ties", "{weight: 1, density: {gradient: 2, search: [0.5, 2], start: 1}}"))
                .containsExactly("s.yml:6:26: " + range + " found 2)");
        assertThat(ties("ties", "{weight: 1, density: [{filter: x, value: {search: [0, 3]}}]}"))
                .first()
                .isEqualTo("s.yml:6:46: " + range + " found 3)");
        assertThat(ties("ties", "{weight: 1, density: {choice: [0.5, 7]}}"))
                .containsExactly("s.yml:6:26: " + range + " found 7)");
        assertThat(ties("{choice: [linear, ties]}", "{weight: 1, density: {search: [0, 4]}}"))
                .contains("s.yml:6:26: " + range + " found 4)");
    }

    @Test
    void valuesThatAParameterHas() {
        assertThat(ties("ties", "{weight: {search: [-1, 9]}, density: {search: [0, 1]}}"))
                .isEmpty();
        // From 0 in steps of 0.4 the last value below 1.1 is 0.8.
        assertThat(ties("ties", "{weight: 1, density: {search: [0, 1.1], step: 0.4}}")).isEmpty();
    }

    @Test
    void recipesThatAreWrongAtTheEnds() {
        assertThat(
                        reports(
                                """
                                merge_method: passthrough
                                slices:
                                - sources:
                                  - model: a
                                    layer_range: [{search: [0, 8], step: 1}, 6]
                                """
                                        + Searches.TASKS))
                .containsExactly(
                        "s.yml:5:18: 'layer_range' is not a layer range (expected [start, end] "
                                + "with 0 <= start <= end; end is exclusive, found [8, 6]); with "
                                + "all marks at their upper ends; such candidates fail");
    }

    @Test
    void endsOfARangeThatAreNoNumbers() {
        assertThat(weight("{search: [0, .inf]}"))
                .containsExactly(
                        "s.yml:2:55: the high end of 'search' has the wrong form (expected a finite"
                                + " number, found '.inf')");
        assertThat(weight("{search: [a, null]}"))
                .containsExactly(
                        "s.yml:2:52: the low end of 'search' has the wrong form (expected a finite"
                                + " number, found 'a')",
                        "s.yml:2:55: the high end of 'search' has the wrong form (expected a finite"
                                + " number, found nothing)");
        assertThat(weight("{search: [0, {search: [1, 2]}]}"))
                .containsExactly(
                        "s.yml:2:55: the high end of 'search' has the wrong form (expected a finite"
                                + " number, found another mark)");
    }

    @Test
    void entriesOfAChoiceThatAreNoSingleValues() {
        assertThat(weight("{choice: [[0, 4], 1, {search: [1, 2]}]}"))
                .containsExactly(
                        "s.yml:2:52: an entry of 'choice' has the wrong form (expected a single"
                                + " value, found a list of 2)",
                        "s.yml:2:63: an entry of 'choice' has the wrong form (expected a single"
                                + " value, found another mark)");
    }

    @Test
    void optionsThatAreWrongWhateverElseIsChosen() {
        assertThat(
                        reports(
                                """
                                merge_method: linear
                                models: [{model: {choice: [a, 'b@']}}]
                                """
                                        + Searches.TASKS))
                .containsExactly(
                        "s.yml:2:18: model reference 'b@' has an empty revision after '@' (expected"
                                + " path[@revision][+adapter[@revision]])");
    }

    @Test
    void optionsThatAreWrongWhereTheSearchBegins() {
        assertThat(
                        reports(
                                """
                                merge_method: passthrough
                                slices:
                                - sources:
                                  - model: a
                                    layer_range: [{choice: [0, 8]}, {choice: [6, 9]}]
                                """
                                        + Searches.TASKS))
                .containsExactly(
                        "s.yml:5:18: 'layer_range' is not a layer range (expected [start, end] "
                                + "with 0 <= start <= end; end is exclusive, found [8, 6]); with "
                                + "8 on line 5; such candidates fail");
    }

    @Test
    void misspeltMethods() {
        assertThat(
                        reports(
                                        "merge_method: {choice: [ties, daretis]}\nmodels: [{model:"
                                                + " a}]\nbase_model: b\n"
                                                + Searches.TASKS)
                                .getFirst())
                .startsWith(
                        "s.yml:1:15: unknown merge method 'daretis' (did you mean 'dare_ties'?)");
    }

    @Test
    void ofStacks() {
        assertThat(stack("blocks: [{model: a, layers: [4, 4]}, {layers: 3}], scale: [1, 1]"))
                .containsExactly(
                        "s.yml:1:37: 'layers' is not a layer range (expected [start, end] with 0 "
                                + "<= start < end; end is exclusive, found [4, 4])",
                        "s.yml:1:46: no 'model' in an entry of 'blocks'",
                        "s.yml:1:55: 'layers' has the wrong form (expected a list of two whole"
                                + " numbers, found '3')",
                        "s.yml:1:67: 'scale' has the wrong form (expected a list of two numbers, [low,"
                                + " high], low < high, found a list of 2)");
        assertThat(stack("blocks: [{model: a, layers: [0, 4], always: true}]"))
                .containsExactly(
                        "s.yml:1:8: nothing is searched (expected blocks without 'always', "
                                + "several blocks in a searched order, or a 'scale')");
        assertThat(stack("blocks: [{model: a, layers: [0, 4]}], repeat: 1001"))
                .containsExactly(
                        "s.yml:1:55: too many blocks, counting how often each may occur "
                                + "(expected at most 1000, found 1001)");
    }

    @Test
    void aSearchGivenToYaml() {
        assertThat(
                        Recipes.reports(
                                "merge_method: linear\nmodels: [{model: a, parameters: {weight:"
                                        + " {search: [0, 1]}}}]\n"))
                .singleElement()
                .asString()
                .startsWith("r.yml:2:42: this is a recipe for mergekit-evolve");
        assertThat(Recipes.reports("stack: {}\n").getFirst()).contains("mergekit-evolve");
    }
}
