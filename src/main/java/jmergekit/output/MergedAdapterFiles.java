package jmergekit.output;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import jmergekit.lora.AdapterMergePlan;
import jmergekit.model.Adapter;
import jmergekit.model.ConfigJson;
import jmergekit.publish.OutputFile;

/// The files of a merged adapter but its weights.
///
/// @param card the title of the card, if there is to be one, and a copy of the recipe
public record MergedAdapterFiles(AdapterMergePlan plan, Optional<String> card) {
    /// The files in the order of writing; adapter_config.json, which makes the folder loadable, is
    /// last.
    public List<OutputFile> list() {
        List<OutputFile> files = new ArrayList<>();
        card.ifPresent(title -> {
            files.add(new OutputFile.Text("README.md", text(title)));
            files.add(new OutputFile.Text("mergekit_config.yml", plan.config().text()));
        });
        files.add(new OutputFile.Text(Adapter.CONFIG, ConfigJson.write(plan.settings())));
        return files;
    }

    private String text(String title) {
        String base = plan.settings().path("base_model_name_or_path").asString("");
        String id = ModelName.mayBeHubId(base) ? "\n- \"" + base + "\"\n" : " []\n";
        return """
        ---
        base_model:%slibrary_name: peft
        tags:
        - mergekit
        - merge
        - peft
        ---

        # %s

        This is a LoRA adapter of rank %d, a merge of adapters created with %s.

        ## Merge Details

        The adapters were merged using the %s merge method. The product of the factors is the weighted sum
        of the adapters' products.

        ### Adapters Merged

        %s

        ### Configuration

        The merge was made with this recipe:

        %s\
        """
                .formatted(
                        id,
                        Markdown.inline(title),
                        plan.rank(),
                        CardModels.program(),
                        plan.method().info().title(),
                        plan.inputs().stream()
                                .map(i -> "* " + Markdown.inline(ModelName.text(i.reference())))
                                .collect(Collectors.joining("\n")),
                        Markdown.block("yaml", plan.config().text()));
    }
}
