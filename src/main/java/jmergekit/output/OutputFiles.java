package jmergekit.output;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import jmergekit.model.ConfigJson;
import jmergekit.model.ModelFolder;
import jmergekit.plan.MergePlan;
import jmergekit.plan.TokenizerPlan;
import jmergekit.plan.TokenizerPlan.Merged;
import jmergekit.publish.OutputFile;
import jmergekit.tokenizer.TokenizerOutput;
import jmergekit.tokenizer.TokenizerOutput.Content;
import tools.jackson.databind.node.ObjectNode;

/// All files of the output folder but the weights and their index.
///
/// @param copyTokenizer whether the donor's tokenizer, if it is taken as it is, and generation
///     config are among them
/// @param card the title of the model card, if there is to be one, and a copy of the recipe
public record OutputFiles(MergePlan plan, boolean copyTokenizer, Optional<String> card) {
    /// The files in the order of writing; config.json, which makes the folder loadable, is last.
    public List<OutputFile> list() {
        List<OutputFile> files = new ArrayList<>();
        Optional<TokenizerPlan> tokenizer = plan.tokenizer().filter(this::isWritten);
        ModelFolder donor = plan.donorModel();
        SideFiles.of(donor.folder(), donor.tokenizerFolder(), copyTokenizer && tokenizer.isEmpty())
                .forEach(f -> files.add(new OutputFile.Copy(f.name(), f.source())));
        tokenizer.ifPresent(t -> add(t, files));
        card.ifPresent(title -> {
            files.add(new OutputFile.Text("README.md", ModelCard.text(plan, title)));
            files.add(new OutputFile.Text("mergekit_config.yml", plan.config().text()));
        });
        String config = ConfigJson.write(OutputConfig.json(plan));
        files.add(new OutputFile.Text("config.json", config));
        return files;
    }

    /// Which files of models' folders are copied, by their path there, for folders whose files are not
    /// all there yet.
    public Map<Path, Predicate<String>> copied() {
        Map<Path, Predicate<String>> copied = new LinkedHashMap<>();
        ModelFolder donor = plan.donorModel();
        copied.put(donor.folder(), SideFiles.wanted(donor.folder(), copyTokenizer));
        Optional<Path> made = plan.tokenizer().filter(this::isWritten).map(t -> t.files().folder());
        made.or(() -> Optional.of(donor.tokenizerFolder()).filter(_ -> copyTokenizer))
                .ifPresent(f -> copied.merge(f, SideFiles::isOfTokenizer, Predicate::or));
        return copied;
    }

    // A merged vocabulary has no other tokenizer than the one made for it.
    private boolean isWritten(TokenizerPlan tokenizer) {
        return copyTokenizer || tokenizer.merged().isPresent();
    }

    private void add(TokenizerPlan tokenizer, List<OutputFile> files) {
        TokenizerOutput output = tokenizer.files();
        Map<String, Content> written = output.written();
        SideFiles.tokenizer(output.folder()).stream()
                .filter(f -> !written.containsKey(f.name()) && !output.isOutdated(f.name()))
                .forEach(f -> files.add(new OutputFile.Copy(f.name(), f.source())));
        written.forEach((name, content) -> files.add(new OutputFile.Made(name, content::writeTo)));
        if (copyTokenizer) {
            addGenerationConfig(tokenizer.merged().flatMap(Merged::generationConfig), files);
        }
    }

    private void addGenerationConfig(Optional<ObjectNode> changed, List<OutputFile> files) {
        String name = SideFiles.GENERATION_CONFIG;
        if (changed.isPresent()) {
            files.add(new OutputFile.Text(name, ConfigJson.write(changed.get())));
            return;
        }
        SideFiles.of(plan.donorModel().folder(), true).stream()
                .filter(f -> f.name().equals(name))
                .forEach(f -> files.add(new OutputFile.Copy(name, f.source())));
    }
}
