package jmergekit.method;

import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

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

    private static final Set<String> PARAMETERS =
            ALL.stream()
                    .flatMap(m -> m.info().params().stream())
                    .map(Param::name)
                    .collect(Collectors.toCollection(TreeSet::new));

    private MergeMethods() {}

    public static Optional<MergeMethod> named(String name) {
        return ALL.stream().filter(m -> m.info().name().equals(name)).findFirst();
    }

    public static List<String> names() {
        return ALL.stream().map(m -> m.info().name()).toList();
    }

    /// The parameters of all methods.
    public static Set<String> parameterNames() {
        return Collections.unmodifiableSet(PARAMETERS);
    }
}
