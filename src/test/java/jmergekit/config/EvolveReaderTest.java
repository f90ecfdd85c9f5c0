package jmergekit.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// What files for `mergekit-evolve` say, apart from what is searched.
final class EvolveReaderTest {
    private static final String GENOME = "genome: {models: [a, b], merge_method: linear}\n";

    private static EvaluatorConfig evaluator(String evaluator) {
        String task = "tasks: [{name: t, file: t.jsonl}]\n";
        return Searches.read(GENOME + task + "evaluator: " + evaluator + "\n").evaluator();
    }

    @Test
    void settingsAreOffUnlessGiven() {
        EvolveConfig config = Searches.read(GENOME + Searches.TASKS);

        assertThat(config.source()).isEqualTo("s.yml");
        assertThat(config.text()).startsWith("genome");
        assertThat(config.name()).isEmpty();
        assertThat(config.limit()).isEmpty();
        assertThat(config.fewShot()).isEmpty();
        assertThat(
                        List.of(
                                config.shuffle(),
                                config.randomStart(),
                                config.chatTemplate(),
                                config.fewShotAsTurns()))
                .containsOnly(false);
    }

    @Test
    void settings() {
        EvolveConfig config =
                Searches.read(
                        GENOME
                                + Searches.TASKS
                                + "name: sums\nlimit: 20\nnum_fewshot: 0\nshuffle: yes\n"
                                + "random_init: true\napply_chat_template: 'true'\n"
                                + "fewshot_as_multiturn: true\nx-more: 1\n");

        assertThat(config.name()).contains("sums");
        assertThat(config.limit()).contains(20);
        assertThat(config.fewShot()).contains(0);
        assertThat(
                        List.of(
                                config.shuffle(),
                                config.randomStart(),
                                config.chatTemplate(),
                                config.fewShotAsTurns()))
                .containsOnly(true);
    }

    @Test
    void tasks() {
        List<TaskConfig> tasks =
                Searches.read(
                                GENOME
                                        + "tasks:\n- one\n- {name: two, weight: -2, metric: 'acc,none',"
                                        + " held_out: three, extract: '(\\d+)'}\n")
                        .tasks();

        assertThat(tasks).extracting(t -> t.name().value()).containsExactly("one", "two");
        assertThat(tasks).extracting(TaskConfig::weight).containsExactly(1.0, -2.0);
        assertThat(tasks.getFirst().metric()).isEmpty();
        assertThat(tasks.getLast().metric().map(Located::value)).contains("acc,none");
        assertThat(tasks.getLast().heldOut().map(Located::value)).contains("three");
        assertThat(tasks.getLast().extract().map(Located::value)).contains("(\\d+)");
    }

    @Test
    void aGenome() {
        GenomeConfig genome =
                (GenomeConfig)
                        Searches.read(
                                        "genome:\n  models: [a, b@v1]\n  merge_method: ties\n"
                                                + "  base_model: c\n  layer_granularity: 0\n"
                                                + "  allow_negative_weights: true\n  smooth: true\n"
                                                + "  normalize: false\n  filters: []\n"
                                                + "  tokenizer_source: union\n"
                                                + Searches.TASKS)
                                .subject();

        assertThat(genome.models())
                .extracting(m -> m.value().toString())
                .containsExactly("a", "b@v1");
        assertThat(genome.layerGranularity()).isEmpty();
        assertThat(genome.normalize()).contains(false);
        assertThat(genome.allowNegativeWeights()).isTrue();
        assertThat(genome.smooth()).isTrue();
        assertThat(genome.filters()).isEmpty();
        assertThat(genome.tokenizerSource().map(Located::value)).contains("union");
    }

    @Test
    void theUsualEvaluatorDependsOnTheTasks() {
        assertThat(Searches.read(GENOME + "tasks: [{name: t, file: f}]\n").evaluator())
                .isInstanceOf(EvaluatorConfig.BuiltIn.class);
        assertThat(Searches.read(GENOME + "tasks: [t]\n").evaluator())
                .isInstanceOfSatisfying(
                        EvaluatorConfig.LmEval.class,
                        e -> assertThat(e.program()).isEqualTo("lm_eval"));
    }

    @Test
    void evaluators() {
        assertThat(evaluator("built-in")).isInstanceOf(EvaluatorConfig.BuiltIn.class);
        assertThat(evaluator("{built-in: }")).isInstanceOf(EvaluatorConfig.BuiltIn.class);
        assertThat(evaluator("{command: 'python e.py {model}'}"))
                .isInstanceOfSatisfying(
                        EvaluatorConfig.Command.class,
                        e -> assertThat(e.command()).isEqualTo("python e.py {model}"));
    }

    @Test
    void lmEval() {
        EvaluatorConfig read =
                Searches.read(
                                GENOME
                                        + Searches.TASKS
                                        + "evaluator: {lm_eval: {program: python -m lm_eval, backend:"
                                        + " vllm, model_args: {a: 1, b: x}, args: [-v, --x]}}\n")
                        .evaluator();

        EvaluatorConfig.LmEval lmEval = (EvaluatorConfig.LmEval) read;
        assertThat(lmEval.program()).isEqualTo("python -m lm_eval");
        assertThat(lmEval.backend()).contains("vllm");
        assertThat(lmEval.modelArgs()).contains("a=1,b=x");
        assertThat(lmEval.args()).containsExactly("-v", "--x");
    }

    @Test
    void endpoints() {
        EvaluatorConfig.Endpoint usual =
                (EvaluatorConfig.Endpoint) evaluator("{endpoint: {serve: 'vllm serve {model}'}}");
        assertThat(usual)
                .isEqualTo(
                        new EvaluatorConfig.Endpoint(
                                "vllm serve {model}",
                                "http://127.0.0.1:{port}/v1",
                                "/health",
                                600,
                                false,
                                Optional.empty(),
                                32,
                                List.of(),
                                8,
                                usual.at()));

        EvaluatorConfig.Endpoint own =
                (EvaluatorConfig.Endpoint)
                        evaluator(
                                "{endpoint: {serve: 's {model}', url: 'http://h', health: /up,"
                                        + " start_seconds: 5, chat: true, model: m, max_tokens: 9,"
                                        + " stop: [END], requests: 1}}");
        assertThat(own)
                .isEqualTo(
                        new EvaluatorConfig.Endpoint(
                                "s {model}",
                                "http://h",
                                "/up",
                                5,
                                true,
                                Optional.of("m"),
                                9,
                                List.of("END"),
                                1,
                                own.at()));
    }
}
