package jmergekit.output;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Predicate;
import java.util.stream.Stream;
import jmergekit.engine.BoundPlan;
import jmergekit.engine.InputFolders;
import jmergekit.model.ConfigJson;
import jmergekit.model.ModelFolder;
import jmergekit.plan.Plan;
import jmergekit.plan.PlannedFile;
import jmergekit.transplant.PlannedTransplant;
import jmergekit.transplant.TransplantListing;
import jmergekit.weights.FolderState;

/// A model with the tokenizer of another model: its plan, with all files of its folder except the
/// weights and their index.
///
/// @param copyTokenizer whether they include the donor's tokenizer
/// @param command the command line, for the card
public record TransplantedModel(PlannedTransplant transplant, boolean copyTokenizer, String command)
        implements PlannedOutput {
    private static final String MANIFEST = "mergekit_tokensurgeon.plan.json";

    @Override
    public BoundPlan plan(PendingFiles pending, Optional<String> card) {
        ModelFolder model = transplant.model();
        ModelFolder donor = transplant.donor();
        Map<String, Path> folders = new LinkedHashMap<>();
        Stream.of(model, donor).forEach(m -> folders.putAll(m.namedFolders()));
        PlanFiles files = new PlanFiles(folders, pending);
        files.copy(
                model.folder(),
                model.reference().folderName(),
                SideFiles.of(model.folder(), false),
                SideFiles.wanted(model.folder(), false));
        if (copyTokenizer) {
            files.copy(
                    donor.folder(),
                    donor.reference().folderName(),
                    SideFiles.tokenizer(donor.folder()),
                    SideFiles::isOfTokenizer);
        }
        files.sort();
        transplant
                .generationConfig()
                .ifPresent(g -> files.text(SideFiles.GENERATION_CONFIG, ConfigJson.write(g)));
        files.text("config.json", ConfigJson.write(transplant.configJson()));
        Plan plan =
                new Plan(
                        List.of(model.reference().toString(), donor.reference().toString()),
                        transplant.tasks(),
                        transplant.shards(),
                        files.list(),
                        List.of(),
                        copyTokenizer ? OptionalLong.of(transplant.rows()) : OptionalLong.empty(),
                        Map.of(),
                        TransplantListing.of(transplant));
        List<FolderState> states =
                Stream.of(model, donor).flatMap(m -> m.states().stream()).toList();
        return new BoundPlan(
                card.map(title -> withCards(plan, title)).orElse(plan),
                new InputFolders(files.folders(), states),
                transplant);
    }

    @Override
    public Optional<String> announcement() {
        return transplant.announcement();
    }

    private Plan withCards(Plan plan, String title) {
        String hash = plan.hash();
        return plan.withCards(
                List.of(
                        new PlannedFile.Text(
                                "README.md", TransplantCard.text(transplant, title, command, hash)),
                        new PlannedFile.Text(
                                MANIFEST, "{\n  \"plan\": \"%s\"\n}\n".formatted(hash))));
    }

    @Override
    public Map<Path, Predicate<String>> copied() {
        Path model = transplant.model().folder();
        Map<Path, Predicate<String>> copied = new LinkedHashMap<>();
        copied.put(model, SideFiles.wanted(model, false));
        if (copyTokenizer) {
            copied.merge(transplant.donor().folder(), SideFiles::isOfTokenizer, Predicate::or);
        }
        return copied;
    }

    @Override
    public List<Path> inputs() {
        return Stream.of(transplant.model(), transplant.donor())
                .flatMap(m -> m.folders().stream())
                .toList();
    }

    @Override
    public String made() {
        return transplant.tasks().size() + " tensors";
    }
}
