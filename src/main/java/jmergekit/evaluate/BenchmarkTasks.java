package jmergekit.evaluate;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/// Tasks of lm-evaluation-harness whose items are the test sets of public benchmarks. A search that
/// uses them optimises for them, so its results on these benchmarks become meaningless.
public final class BenchmarkTasks {
    /// Prefixes of names, followed by a part, a language or a prompt format.
    private static final List<String> BEGINNINGS =
            List.of(
                    "aclue",
                    "afri[a-z]*",
                    "agieval",
                    "aime[0-9]*",
                    "anli",
                    "arabic[a-z]*",
                    "aradice",
                    "arc",
                    "asdiv",
                    "babi(?:long)?",
                    "bbh",
                    "bbq",
                    "belebele",
                    "big_?bench",
                    "blimp(?:_nl)?",
                    "boolq",
                    "ceval",
                    "cmmlu",
                    "commonsense_qa",
                    "coqa",
                    "crows_pairs",
                    "csatqa",
                    "eq_bench",
                    "ethics",
                    "eus_(?:exams|proficiency|reading|trivia)",
                    "evalita",
                    "flores",
                    "global_(?:mmlu|piqa)",
                    "glue",
                    "gpqa",
                    "gsm_?(?:8k|plus)",
                    "haerae",
                    "headqa",
                    "hellaswag",
                    "hendrycks",
                    "humaneval",
                    "ifeval",
                    "inverse_scaling",
                    "kmmlu",
                    "kobest",
                    "lambada",
                    "leaderboard",
                    "livecodebench",
                    "logiqa2?",
                    "longbench2?",
                    "math(?:qa|_500|_word)?",
                    "mbpp",
                    "mc_taco",
                    "med(?:mc)?qa",
                    "metabench",
                    "mgsm",
                    "minerva_math",
                    "mmlu(?:sr)?",
                    "mmmlu",
                    "mmmu",
                    "mnli",
                    "mrpc",
                    "multirc",
                    "musr",
                    "mutual",
                    "nq_open",
                    "openbookqa",
                    "openllm",
                    "paloma",
                    "paws",
                    "pile",
                    "piqa",
                    "prost",
                    "pubmedqa",
                    "qa4mre",
                    "qasper",
                    "qnli",
                    "qqp",
                    "ruler",
                    "sciq",
                    "scrolls",
                    "simpleqa",
                    "siqa|social_iqa",
                    "squad",
                    "squadv2",
                    "sst2?",
                    "storycloze",
                    "super[_-]?glue",
                    "swag",
                    "tinybenchmarks",
                    "tiny(?:arc|gsm8k|hellaswag|mmlu|truthfulqa|winogrande)",
                    "tmmluplus",
                    "toxigen",
                    "triviaqa",
                    "truthfulqa(?:-multi)?",
                    "turkishmmlu",
                    "tydiqa",
                    "unscramble",
                    "webqs",
                    "wikitext",
                    "winogender",
                    "winogrande",
                    "wmdp",
                    "wmt[0-9]*",
                    "wnli",
                    "wsc(?:273)?",
                    "xcopa",
                    "xnli",
                    "xquad",
                    "xstorycloze",
                    "xwinograd",
                    "[a-z]+(?:_bench|mmlu|hellaswag|truthfulqa)");

    /// Names that could be prefixes of unrelated tasks, and must match in full.
    private static final List<String> WHOLE =
            List.of(
                    "cb",
                    "copa",
                    "drop",
                    "include_(?:base|lite)_.*",
                    "race",
                    "record",
                    "rte",
                    "wic");

    private static final Pattern BENCHMARK =
            Pattern.compile(
                    "(?:%s)(?:[_-].*)?|%s"
                            .formatted(String.join("|", BEGINNINGS), String.join("|", WHOLE)));

    private BenchmarkTasks() {}

    /// Whether a task's name belongs to a benchmark. A user's own task may have such a name too.
    public static boolean isBenchmark(String taskName) {
        return BENCHMARK.matcher(taskName.strip().toLowerCase(Locale.ROOT)).matches();
    }
}
