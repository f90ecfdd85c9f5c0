package jmergekit.transplant;

import java.util.ArrayList;
import java.util.List;
import jmergekit.plan.Plan;

/// The parts of a transplant's listing besides tensors and sizes.
public final class TransplantListing {
    private TransplantListing() {}

    public static Plan.Listing of(PlannedTransplant plan) {
        List<String> head = new ArrayList<>();
        head.add(
                "model     %s (%s)"
                        .formatted(plan.model().reference(), plan.model().architecture()));
        head.add("tokenizer of %s".formatted(plan.donor().reference()));
        head.add("method    " + plan.options().text());
        plan.routes().forEach((side, r) -> head.add("%-9s %s".formatted(side.text(), r.text())));
        head.add(
                "rows      %d, for %d tokens"
                        .formatted(plan.rows(), plan.matches().donor().rows()));
        return new Plan.Listing(head, List.of(), List.of());
    }
}
