package jmergekit.output;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import jmergekit.engine.BoundPlan;
import jmergekit.engine.InputFolders;
import jmergekit.lora.AdapterConfig;
import jmergekit.lora.ExtractionPlan;
import jmergekit.lora.ExtractionResult;
import jmergekit.model.Adapter;
import jmergekit.model.ConfigJson;
import jmergekit.model.ModelFolder;
import jmergekit.plan.Plan;
import jmergekit.plan.PlannedFile;
import jmergekit.shards.Sharding;

/// An extracted adapter: its plan, with all files of its folder except the weights.
public record ExtractedAdapter(ExtractionResult result) {
    /// The plan.
    ///
    /// @param scratch the folder of the factors' file
    /// @param sharding how the weights are split into files
    /// @param copyTokenizer whether the adapter gets the files of the fine-tune's tokenizer
    /// @param card the text of the card, if there is one
    public BoundPlan plan(
            Path scratch, Sharding sharding, boolean copyTokenizer, Optional<String> card) {
        ExtractionPlan extraction = result.plan();
        PlanFiles files = new PlanFiles(extraction.inputs().folders(), PendingFiles.NONE);
        if (copyTokenizer) {
            ModelFolder model = extraction.model();
            files.copy(
                    model.folder(),
                    model.reference().folderName(),
                    SideFiles.tokenizer(model.folder()),
                    _ -> false);
        }
        files.text(Adapter.CONFIG, ConfigJson.write(AdapterConfig.json(result)));
        Plan plan =
                new Plan(
                        result.labels(),
                        result.tasks(),
                        result.layout(sharding),
                        files.list(),
                        card.map(text -> new PlannedFile.Text("README.md", text)).stream().toList(),
                        OptionalLong.empty(),
                        Map.of(),
                        Plan.Listing.EMPTY);
        Map<String, Path> folders = new HashMap<>(files.folders());
        folders.put(InputFolders.SCRATCH, scratch);
        return new BoundPlan(plan, new InputFolders(folders, extraction.inputs().states()));
    }
}
