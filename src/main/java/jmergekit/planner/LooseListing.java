package jmergekit.planner;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import jmergekit.model.LooseWeights;
import jmergekit.plan.Plan;

/// The lines of a loose-tensor merge's listing other than tensors and sizes.
public final class LooseListing {
    private LooseListing() {}

    public static Plan.Listing of(PlannedLooseMerge merge) {
        List<String> head = new ArrayList<>();
        head.add("method    " + merge.method().info().name());
        for (LooseWeights model : merge.models()) {
            boolean base = merge.base().filter(model.reference()::equals).isPresent();
            head.add(
                    "model     %s (%d tensors)%s"
                            .formatted(
                                    model.reference(),
                                    model.checkpoint().tensors().size(),
                                    base ? ", the base model" : ""));
        }
        merge.notes().forEach(note -> head.add("note      " + note));
        head.add("tensors   " + merge.counts());
        for (LeftOut left : merge.leftOut()) {
            String model = merge.labels().get(left.model());
            left.forms()
                    .forEach(form ->
                            head.add(
                                    "          skipped %s: %s, %s"
                                            .formatted(model, form, left.reason())));
        }
        Map<String, String> metadata = merge.shards().metadata();
        List<String> settings =
                metadata.isEmpty()
                        ? List.of()
                        : List.of(
                                "metadata  of %s: %s"
                                        .formatted(
                                                merge.labels().getFirst(),
                                                String.join(", ", metadata.keySet())));
        return new Plan.Listing(head, settings, List.of());
    }
}
