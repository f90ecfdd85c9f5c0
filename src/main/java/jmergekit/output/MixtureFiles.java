package jmergekit.output;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import jmergekit.model.ConfigJson;
import jmergekit.moe.MixturePlan;
import jmergekit.publish.OutputFile;

/// All files of a mixture's folder but the weights and their index.
///
/// @param copyTokenizer whether the base model's tokenizer and generation config are among them
/// @param card the title of the model card, if there is to be one, and a copy of the recipe
public record MixtureFiles(MixturePlan plan, boolean copyTokenizer, Optional<String> card) {
    /// The files in the order of writing; config.json, which makes the folder loadable, is last.
    public List<OutputFile> list() {
        List<OutputFile> files = new ArrayList<>();
        SideFiles.of(plan.base().folder(), copyTokenizer)
                .forEach(f -> files.add(new OutputFile.Copy(f.name(), f.source())));
        card.ifPresent(title -> {
            files.add(new OutputFile.Text("README.md", MixtureCard.text(plan, title)));
            files.add(new OutputFile.Text("mergekit_moe_config.yml", plan.config().text()));
        });
        files.add(new OutputFile.Text("config.json", ConfigJson.write(plan.configJson())));
        return files;
    }
}
