package jmergekit.output;

import java.util.List;
import jmergekit.transplant.PlannedTransplant;

/// The README.md of a model with the tokenizer of another model.
final class TransplantCard {
    private TransplantCard() {}

    /// The text of the card. The command is quoted verbatim.
    ///
    /// @param title the title of the model, usually the name of its folder
    /// @param hash the hash of the plan
    static String text(PlannedTransplant plan, String title, String command, String hash) {
        return """
        ---
        %s---

        # %s

        This is %s with the tokenizer of %s, made with %s.

        ## Details

        Rows of embeddings and head were copied for the tokens that both models have. The others were
        approximated: %s.

        The command was:

        %s
        %s
        """
                .formatted(
                        CardModels.frontMatter(List.of(plan.model(), plan.donor()), "tokensurgeon"),
                        Markdown.inline(title),
                        CardModels.link(plan.model()),
                        CardModels.link(plan.donor()),
                        CardModels.program(),
                        plan.options().text(),
                        Markdown.block("sh", command + "\n"),
                        CardModels.hash(hash));
    }
}
