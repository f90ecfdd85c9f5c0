package jmergekit.evaluate;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// How a search's file and command line want models scored. Each evaluator uses the settings that
/// it supports.
///
/// @param limit most items of a task
/// @param fewShot examples before each question, for evaluators that know tasks by name
/// @param shuffle whether the items of a task are drawn by the seed if `limit` excludes some
/// @param chatTemplate whether contexts are formatted with the model's chat template
/// @param fewShotAsTurns whether examples are turns of a chat
/// @param seed of the draw
/// @param batchSize of lm-evaluation-harness: a number, or `auto`
/// @param taskFolders folders with additional tasks for lm-evaluation-harness
/// @param vllm whether lm-evaluation-harness runs models with vLLM
/// @param threads of the built-in evaluator
/// @param slots number of models scored at the same time
/// @param apiKey sent to servers
/// @param storage the folder of the search, which contains the models while they are scored; it may
///     not exist yet
public record EvaluatorSettings(
        Optional<Integer> limit,
        Optional<Integer> fewShot,
        boolean shuffle,
        boolean chatTemplate,
        boolean fewShotAsTurns,
        long seed,
        Optional<String> batchSize,
        List<Path> taskFolders,
        boolean vllm,
        boolean loadIn4Bit,
        boolean loadIn8Bit,
        boolean trustRemoteCode,
        int threads,
        int slots,
        Optional<ApiKey> apiKey,
        Path storage) {
    public EvaluatorSettings {
        taskFolders = List.copyOf(taskFolders);
    }
}
