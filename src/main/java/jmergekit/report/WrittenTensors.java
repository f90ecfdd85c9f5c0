package jmergekit.report;

import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import jmergekit.engine.InputFolders;
import jmergekit.model.InputFile;
import jmergekit.plan.Plan;
import jmergekit.plan.Source;
import jmergekit.shards.ShardLayout;

/// The tensors of an unpublished output, as sources next to those of its plan.
///
/// @param folder the folder with the finished shards
record WrittenTensors(Plan plan, Path folder) {
    /// No model can have this name.
    private static final String NAME = "\0output";

    Source.Stored of(String tensor) {
        ShardLayout layout = plan.shards();
        ShardLayout.Place place = layout.place(tensor).orElseThrow();
        ShardLayout.Shard shard = layout.shards().get(place.shard());
        return new Source.Stored(
                new InputFile(NAME, shard.fileName(), shard.fileSize(), "", ""), place.entry());
    }

    /// The folders of a plan together with this one.
    InputFolders beside(InputFolders inputs) {
        Map<String, Path> folders = new TreeMap<>(inputs.folders());
        folders.put(NAME, folder);
        return new InputFolders(folders, inputs.states());
    }
}
