package jmergekit.moe;

import java.util.ArrayList;
import java.util.List;
import jmergekit.config.MixtureConfig;
import jmergekit.model.ModelFolder;
import jmergekit.plan.Plan;

/// The listing of a mixture, without tensors and sizes.
public final class MixtureListing {
    private MixtureListing() {}

    public static Plan.Listing of(PlannedMixture mixture) {
        MixtureConfig config = mixture.config();
        List<String> head = new ArrayList<>();
        head.add("family    " + mixture.family());
        for (ModelFolder model : mixture.models()) {
            head.add(
                    "model     %s (%s)%s"
                            .formatted(
                                    model.reference(),
                                    model.architecture(),
                                    model == mixture.base() ? ", the base model" : ""));
        }
        head.add(
                "experts   %d, %d for each token, and %d shared"
                        .formatted(
                                config.experts().size(),
                                config.expertsPerToken().value(),
                                config.sharedExperts().size()));
        head.add(
                "gates     %s, %d tensors"
                        .formatted(config.gateMode().text(), mixture.gates().size()));
        head.add(
                "tensors   %d of %s"
                        .formatted(mixture.tasks().size(), mixture.dtype().torchName()));
        return new Plan.Listing(head, List.of(), List.of());
    }
}
