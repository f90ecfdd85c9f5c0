package jmergekit.output;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import jmergekit.lora.ExtractionPlan;
import jmergekit.lora.ExtractionResult;
import jmergekit.lora.ModuleResult;
import jmergekit.model.ModelFolder;
import jmergekit.problem.Printable;

/// The README.md of an extracted adapter: metadata for the hub, the origin of the adapter, and how
/// much its factors differ from the fine-tune.
public final class AdapterCard {
    private static final Pattern PLAIN = Pattern.compile("[\\w./=:+@,-]+");

    private AdapterCard() {}

    /// The text of the card. Absolute paths are not shown.
    ///
    /// @param title the title of the adapter, usually the name of its folder
    /// @param command the command that made it, with absolute paths shortened
    public static String text(ExtractionResult result, String title, String command) {
        ExtractionPlan plan = result.plan();
        String base =
                ModelName.hubId(plan.base().reference(), plan.base().folder())
                        .map(id -> "\n- \"" + id + "\"\n")
                        .orElse(" []\n");
        return """
        ---
        base_model:%slibrary_name: peft
        tags:
        - mergekit
        - peft
        ---

        # %s

        This is a LoRA adapter extracted from a language model with %s.

        ## LoRA Details

        This adapter was extracted from %s and uses %s as a base.

        ### Parameters

        The following command was used to extract it:

        %s
        ### Accuracy

        %s\
        """
                .formatted(
                        base,
                        Markdown.inline(title),
                        CardModels.program(),
                        link(plan.model()),
                        link(plan.base()),
                        Markdown.block("sh", command),
                        accuracy(result));
    }

    /// A command line as the card shows it: absolute paths are shortened to their last part, and
    /// arguments that a shell would split are quoted.
    public static String command(List<String> arguments) {
        return arguments.stream().map(AdapterCard::quoted).collect(Collectors.joining(" "));
    }

    private static String quoted(String argument) {
        String text = Printable.line(ModelName.shortened(argument));
        return PLAIN.matcher(text).matches() ? text : "'" + text.replace("'", "'\\''") + "'";
    }

    private static String accuracy(ExtractionResult result) {
        List<ModuleResult> modules = result.worstFirst();
        StringBuilder text = new StringBuilder();
        if (!result.whole().isEmpty()) {
            text.append(
                    "Copied from the fine-tune as whole tensors: %d modules.\n\n"
                            .formatted(result.whole().size()));
        }
        if (!result.lost().isEmpty()) {
            text.append(
                    "Changed by the fine-tune, but not supported in adapters: %s.\n\n"
                            .formatted(
                                    result.lost().stream()
                                            .map(n -> "`" + Markdown.inline(n) + "`")
                                            .collect(Collectors.joining(", "))));
        }
        if (modules.isEmpty()) {
            return text.append("No module is stored as factors.\n").toString();
        }
        text.append(
                """
                Stored as factors: %d modules. The relative error of the factors against the fine-tune's \
                changes is %s (Frobenius norms), including the rounding of the stored factors. The modules, \
                worst first:

                | module | rank | error |
                |---|---|---|
                """
                        .formatted(modules.size(), percent(result.relativeError())));
        text.append(
                modules.stream()
                        .map(m ->
                                "| %s | %d | %s |\n"
                                        .formatted(
                                                Markdown.inline(m.module()),
                                                m.rank(),
                                                percent(m.relativeError())))
                        .collect(Collectors.joining()));
        return text.toString();
    }

    private static String percent(double share) {
        return share >= 0.001
                ? String.format(Locale.ROOT, "%.2f %%", 100 * share)
                : String.format(Locale.ROOT, "%.1g %%", 100 * share);
    }

    private static String link(ModelFolder model) {
        String name = Markdown.inline(ModelName.text(model.reference()));
        return ModelName.hubId(model.reference(), model.folder())
                .map(id -> "[%s](https://huggingface.co/%s)".formatted(name, id))
                .orElse(name);
    }
}
