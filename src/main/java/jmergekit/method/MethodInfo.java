package jmergekit.method;

import java.util.List;
import java.util.Optional;

/// What there is to know about a merge method without running it.
///
/// @param name as `merge_method` has it
/// @param title as the model card has it
/// @param reference the page of the paper or definition
/// @param base what the method does with `base_model`
/// @param least fewest models, the base not counted unless it is an ordinary input
/// @param most most models, likewise
/// @param single what to do with a tensor that only one model has, where that is not the base
/// @param mismatch what to do where embeddings have different numbers of rows
public record MethodInfo(
        String name,
        String title,
        Optional<String> reference,
        Base base,
        int least,
        int most,
        Single single,
        Mismatch mismatch,
        List<Param> params) {

    /// What a method does with the base model.
    public enum Base {
        /// It is an input like the others, and needs their parameters.
        ORDINARY,
        /// It must be given; the method treats it apart.
        REQUIRED
    }

    /// What becomes of a tensor that the base model lacks and only one other model has.
    public enum Single {
        /// It is taken as it is.
        KEEP,
        /// It is refused: there is nothing to take a difference from.
        REFUSE
    }

    /// Which rows of embeddings are merged where models have different numbers of them.
    public enum Mismatch {
        /// The leading rows that all have.
        COMMON_ROWS,
        /// The base's rows; a model with fewer is refused.
        BASE_ROWS
    }

    public Optional<Param> param(String paramName) {
        return params.stream().filter(p -> p.name().equals(paramName)).findFirst();
    }
}
