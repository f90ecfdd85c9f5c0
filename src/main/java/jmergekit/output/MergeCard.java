package jmergekit.output;

import java.util.List;
import java.util.stream.Collectors;

/// The README.md of a merge: metadata for the hub, the merged models and the method. The recipe is
/// quoted verbatim; outside it, absolute paths are not shown.
///
/// @param frontMatter the metadata
/// @param what the first words, as in `This is a merge of pre-trained language models`
/// @param method the sentences about the merge method
/// @param models the merged models, as cards refer to them
/// @param leftOut the section about tensors that are not in the output, or nothing
/// @param recipe the text of the recipe
record MergeCard(
        String frontMatter,
        String what,
        String method,
        List<String> models,
        String leftOut,
        String recipe) {
    MergeCard {
        models = List.copyOf(models);
    }

    /// The text of the card.
    ///
    /// @param title the title of the model, usually the name of its folder
    /// @param hash the hash of the plan
    String text(String title, String hash) {
        return """
        ---
        %s---

        # %s

        %s created with %s.

        ## Merge Details

        ### Merge Method

        %s

        ### Models Merged

        The following models were merged:

        %s

        %s### Configuration

        The merge was made with this recipe:

        %s
        %s
        """
                .formatted(
                        frontMatter,
                        Markdown.inline(title),
                        what,
                        CardModels.program(),
                        method,
                        models.stream().map(m -> "* " + m).collect(Collectors.joining("\n")),
                        leftOut,
                        Markdown.block("yaml", recipe),
                        CardModels.hash(hash));
    }
}
