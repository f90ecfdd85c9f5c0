package jmergekit.method;

import java.util.List;
import java.util.Optional;

/// All merge methods.
public final class MergeMethods {
    /// Sorted by name.
    public static final List<MergeMethod> ALL =
            List.of(
                    new ArceeFusionMerge(),
                    new BreadcrumbsMerge(),
                    new BreadcrumbsTiesMerge(),
                    new DareLinearMerge(),
                    new DareTiesMerge(),
                    new DellaMerge(),
                    new DellaLinearMerge(),
                    new KarcherMerge(),
                    new LinearMerge(),
                    new ModelStockMerge(),
                    new MultislerpMerge(),
                    new NearswapMerge(),
                    new NuslerpMerge(),
                    new PassthroughMerge(),
                    new RamMerge(),
                    new RamplusTlMerge(),
                    new SceMerge(),
                    new SlerpMerge(),
                    new TaskArithmeticMerge(),
                    new TiesMerge());

    private MergeMethods() {}

    public static Optional<MergeMethod> named(String name) {
        return ALL.stream().filter(m -> m.info().name().equals(name)).findFirst();
    }

    public static List<String> names() {
        return ALL.stream().map(m -> m.info().name()).toList();
    }
}
