package jmergekit.evaluate;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import jmergekit.config.EvaluatorConfig;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;

/// The command line of lm-evaluation-harness 0.4
/// (https://github.com/EleutherAI/lm-evaluation-harness/blob/main/docs/interface.md).
///
/// @param tasks the folder with additional tasks
/// @param takesFalse whether `--fewshot_as_multiturn` accepts the value `false`, as it does from
///     0.4.10 on, where a chat template would otherwise turn it on
record LmEvalCommand(
        EvaluatorConfig.LmEval config,
        EvaluatorSettings settings,
        Optional<Path> tasks,
        boolean takesFalse) {
    private static final String VLLM = "vllm";

    /// The backend that runs models.
    String backend() {
        return backend(config, settings);
    }

    private static String backend(EvaluatorConfig.LmEval config, EvaluatorSettings settings) {
        return config.backend().orElse(settings.vllm() ? VLLM : "hf");
    }

    /// The limit does not apply to held-out items.
    String text(Split split) {
        List<String> words = new ArrayList<>(List.of("--model", backend()));
        words.addAll(List.of("--model_args", modelArgs(), "--tasks", "{tasks}"));
        settings.batchSize().ifPresent(size -> words.addAll(List.of("--batch_size", size)));
        settings.fewShot().ifPresent(n -> words.addAll(List.of("--num_fewshot", "" + n)));
        Optional<Integer> limit = split == Split.SEARCH ? settings.limit() : Optional.empty();
        limit.ifPresent(n -> words.addAll(List.of("--limit", "" + n)));
        tasks.ifPresent(folder -> words.addAll(List.of("--include_path", folder.toString())));
        words.addAll(List.of("--seed", "{seed}", "--output_path", "{out}", "--log_samples"));
        // This goes before another option, because the option takes an optional template name.
        if (settings.chatTemplate()) {
            words.addFirst("--apply_chat_template");
        }
        if (settings.fewShotAsTurns()) {
            words.addFirst("--fewshot_as_multiturn");
        } else if (settings.chatTemplate() && takesFalse) {
            words.addAll(0, List.of("--fewshot_as_multiturn", "false"));
        }
        if (settings.trustRemoteCode()) {
            words.add("--trust_remote_code");
        }
        words.addAll(config.args());
        return words.stream()
                .map(CommandTemplate::quoted)
                .collect(Collectors.joining(" ", config.program() + " ", ""));
    }

    private String modelArgs() {
        List<String> args = new ArrayList<>(List.of("pretrained={model}"));
        if (settings.loadIn4Bit()) {
            args.add("load_in_4bit=True");
        }
        if (settings.loadIn8Bit()) {
            args.add("load_in_8bit=True");
        }
        config.modelArgs().ifPresent(args::add);
        return String.join(",", args);
    }

    /// @throws MergeException if two settings contradict each other
    static void check(EvaluatorConfig.LmEval config, EvaluatorSettings settings) {
        if (settings.fewShotAsTurns() && !settings.chatTemplate()) {
            throw new MergeException(
                    Problem.recipe(config.at(), "'fewshot_as_multiturn' needs a chat template")
                            .hint("add 'apply_chat_template: true'"));
        }
        boolean quantised = settings.loadIn4Bit() || settings.loadIn8Bit();
        if (quantised && backend(config, settings).toLowerCase(Locale.ROOT).equals(VLLM)) {
            throw new MergeException(
                    Problem.recipe(
                                    config.at(),
                                    "vLLM does not support --load-in-4bit and --load-in-8bit")
                            .hint("add \"model_args: quantization=bitsandbytes\" under 'lm_eval'"));
        }
        if (settings.loadIn4Bit() && settings.loadIn8Bit()) {
            throw new MergeException(
                    Problem.usage("--load-in-4bit", "cannot be combined with --load-in-8bit"));
        }
        if (settings.storage().toAbsolutePath().toString().matches(".*[,=].*")) {
            throw new MergeException(
                    Problem.usage(
                                    settings.storage().toString(),
                                    "lm_eval cannot load a model from this folder")
                            .expected("a path without ',' or '='"));
        }
    }
}
