package jmergekit.plan;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import jmergekit.method.Value;

/// A line about a source in a listing.
///
/// @param label the model that the tensor belongs to
/// @param name of the tensor
/// @param rest the dtype, and what is done with the tensor
record ListedSource(String label, String name, String rest) {
    /// The lines for one input of a task: one, or one per model or part.
    ///
    /// @param models the models' names, by index
    /// @param after what the task does with the input
    static List<ListedSource> of(List<String> models, String label, Source source, String after) {
        return switch (source) {
            case Source.Blocks blocks -> ofBlocks(models, blocks, after);
            case Source.Stacked stacked ->
                    stacked.parts().stream().map(p -> part(label, p, " stacked" + after)).toList();
            case Interleaved s ->
                    s.parts().stream()
                            .map(p -> part(label, p, " interleaved by row" + after))
                            .toList();
            case Source.Joined joined ->
                    joined.matrices().stream()
                            .map(p ->
                                    part(
                                            label,
                                            p.tensor(),
                                            " side by side" + PlanText.times(p.factor()) + after))
                            .toList();
            default ->
                    List.of(
                            new ListedSource(
                                    label, source.spec().name(), description(source) + after));
        };
    }

    private static ListedSource part(String label, Source part, String after) {
        String folder = part.stored().findFirst().map(s -> s.file().folder()).orElse(label);
        return new ListedSource(
                folder, part.spec().name(), part.spec().dtype() + " " + part.shape() + after);
    }

    private static List<ListedSource> ofBlocks(
            List<String> models, Source.Blocks source, String after) {
        Map<List<Object>, List<String>> layers = new LinkedHashMap<>();
        Map<List<Object>, Source.Blocks.Block> firsts = new LinkedHashMap<>();
        for (Source.Blocks.Block block : source.blocks()) {
            List<Object> key = List.of(block.model(), block.tensor());
            firsts.putIfAbsent(key, block);
            layers.computeIfAbsent(key, _ -> new ArrayList<>()).add(String.valueOf(block.layer()));
        }
        List<ListedSource> lines = new ArrayList<>();
        firsts.forEach((key, block) ->
                lines.add(
                        new ListedSource(
                                models.get(block.model()),
                                block.tensor().spec().name(),
                                "%s blocks of layers %s of %s%s"
                                        .formatted(
                                                block.tensor().spec().dtype(),
                                                String.join(", ", layers.get(key)),
                                                block.tensor().spec().shape(),
                                                after))));
        return lines;
    }

    private static String description(Source source) {
        return switch (source) {
            case Source.Stored s -> String.valueOf(s.spec().dtype());
            case Source.Scaled s -> description(s.tensor()) + " times its scales";
            case Rearranged.Viewed s -> s.spec().dtype() + " read as " + s.dtype();
            case Rearranged.Shaped s -> description(s.tensor()) + " as " + s.shape();
            case Rearranged.Rows s ->
                    "%s rows from %d of %s"
                            .formatted(description(s.tensor()), s.first(), s.tensor().shape());
            case Rearranged.Transposed s -> description(s.tensor()) + " transposed";
            case Quantised.Values s ->
                    "%s as %s in blocks of %s"
                            .formatted(description(s.tensor()), s.format().values(), s.blocks());
            case Quantised.Scales s ->
                    "scales of %s in blocks of %s".formatted(description(s.tensor()), s.blocks());
            case Source.Leading s ->
                    description(s.tensor()) + " leading rows of " + s.tensor().spec().shape();
            case Source.Replaced s -> description(s.tensor()) + " of the adapter";
            case Source.LowRankAdded s ->
                    "%s + %s * product of rank %d"
                            .formatted(description(s.tensor()), Value.of(s.scale()), s.rank());
            case Source.Added s ->
                    description(s.tensor()) + " + " + Value.of(s.scale()) + " * bias";
            case Source.WithStatistics s -> description(s.tensor()) + " with statistics";
            case Source.Remapped s ->
                    description(s.tensor()) + " rows by token of " + s.tensor().spec().shape();
            case Source.Computed s -> s.spec().dtype() + " " + s.how();
            case Source.Given s -> s.spec().dtype() + " given values";
            case Source.Noise s -> s.spec().dtype() + " standard normal noise";
            case Source.Made s -> s.spec().dtype() + " made by " + madeBy(s.task());
            case Source.Stacked _, Source.Joined _, Source.Blocks _, Interleaved _ ->
                    String.valueOf(source.spec().dtype());
        };
    }

    private static String madeBy(TensorTask task) {
        return switch (task.work()) {
            case Work.Merge merge -> merge.method();
            case Work.Factors factors -> FactorRows.text(factors);
            case Work.Sum _ -> "a sum";
            case Work.Copy _ -> "a copy";
            case Work.Parts(List<TensorTask> parts) -> madeBy(parts.getFirst());
        };
    }

    /// @param shown the name to print for the tensor
    String text(String shown) {
        return "%s: %s %s".formatted(label, shown, rest);
    }
}
