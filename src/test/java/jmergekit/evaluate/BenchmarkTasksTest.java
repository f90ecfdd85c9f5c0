package jmergekit.evaluate;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BenchmarkTasksTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "mmlu",
                "mmlu_pro",
                "mmlu_high_school_physics",
                "hellaswag",
                "arc_challenge",
                "arc_easy",
                "gsm8k",
                "gsm8k_cot",
                "truthfulqa_mc2",
                "winogrande",
                "piqa",
                "boolq",
                "humaneval",
                "mbpp_plus",
                "leaderboard_bbh",
                "leaderboard",
                "bbh_cot_fewshot",
                "ifeval",
                "gpqa_diamond_zeroshot",
                "leaderboard_musr",
                "minerva_math_algebra",
                "hendrycks_math500",
                "openbookqa",
                "lambada_openai",
                "wikitext",
                "drop",
                "triviaqa",
                "nq_open",
                "agieval_en",
                "ceval-valid_law",
                "cmmlu",
                "MMLU",
                "super-glue-lm-eval-v1",
                "tinyHellaswag",
                "race",
                "frenchmmlu",
                "portuguese_bench",
            })
    void testSetsOfBenchmarksAreKnown(String name) {
        assertThat(BenchmarkTasks.isBenchmark(name)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"my_task", "spartqa_train", "rhymes", "archery", "record_linkage", "mathe"})
    void othersAreNot(String name) {
        assertThat(BenchmarkTasks.isBenchmark(name)).isFalse();
    }
}
