package jmergekit.planner;

import java.util.Optional;
import jmergekit.tokenizer.EmbeddingRows;
import jmergekit.tokenizer.OutputVocabulary;
import jmergekit.tokenizer.TokenIds;
import jmergekit.tokenizer.TokenizerOutput;
import tools.jackson.databind.node.ObjectNode;

/// The tokenizer of the output, where it is not just the donor's.
///
/// @param merged what a tokenizer section makes of the embeddings; without one they stay as they are
public record TokenizerPlan(TokenizerOutput files, Optional<Merged> merged) {
    /// What follows from a tokenizer section.
    ///
    /// @param embeddings where each row comes from; numbers the models as [PlannedMerge#models]
    /// @param stored how many rows the embeddings of each model have
    /// @param ids the donor's ids in the merged vocabulary
    /// @param generationConfig the donor's generation_config.json with these ids, if they differ
    public record Merged(
            OutputVocabulary vocabulary,
            EmbeddingRows embeddings,
            long[] stored,
            TokenIds ids,
            Optional<ObjectNode> generationConfig) {}
}
