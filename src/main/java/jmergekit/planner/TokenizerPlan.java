package jmergekit.planner;

import java.util.Optional;
import jmergekit.tokenizer.EmbeddingRows;
import jmergekit.tokenizer.OutputVocabulary;
import jmergekit.tokenizer.TokenIds;
import jmergekit.tokenizer.TokenizerOutput;
import tools.jackson.databind.node.ObjectNode;

/// The tokenizer of the output, if it is not just the donor's.
///
/// @param merged the embeddings that result from a tokenizer section; without one they are
///     unchanged
public record TokenizerPlan(TokenizerOutput files, Optional<Merged> merged) {
    /// The result of a tokenizer section.
    ///
    /// @param embeddings where each row comes from; models are numbered as in [PlannedMerge#models]
    /// @param stored the number of rows in the embeddings of each model
    /// @param ids the donor's ids in the merged vocabulary
    /// @param generationConfig the donor's generation_config.json with these ids, if they differ
    public record Merged(
            OutputVocabulary vocabulary,
            EmbeddingRows embeddings,
            long[] stored,
            TokenIds ids,
            Optional<ObjectNode> generationConfig) {}
}
