package jmergekit.method;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The merge methods that recipes may name. Immutable.
public final class MergeMethods {
    /// Sorted by name.
    private static final MergeMethods BUILT_IN =
            of(
                    List.of(
                            new ArceeFusionMerge(),
                            new BreadcrumbsMerge(),
                            new BreadcrumbsTiesMerge(),
                            new CabsMerge(),
                            new ConsensusMerge(),
                            new DareLinearMerge(),
                            new DareTiesMerge(),
                            new DellaMerge(),
                            new DellaLinearMerge(),
                            new FisherMerge(),
                            new GeometricMedianMerge(),
                            new IsoCMerge(),
                            new IsoCtsMerge(),
                            new KarcherMerge(),
                            new LinearMerge(),
                            new MagmaxMerge(),
                            new ModelStockMerge(),
                            new MultislerpMerge(),
                            new NearswapMerge(),
                            new NuslerpMerge(),
                            new PassthroughMerge(),
                            new PcbMerge(),
                            new RamMerge(),
                            new RamplusTlMerge(),
                            new RegmeanMerge(),
                            new SceMerge(),
                            new SlerpMerge(),
                            new StarMerge(),
                            new SwudiMerge(),
                            new TaskArithmeticMerge(),
                            new TiesMerge(),
                            new TsvMMerge()));

    private final List<MergeMethod> all;
    private final Set<String> parameterNames;

    private MergeMethods(List<MergeMethod> all) {
        this.all = all;
        this.parameterNames =
                parameters().map(Param::name).collect(Collectors.toCollection(TreeSet::new));
    }

    // Every method is followed by the steps that a recipe asks for.
    private static MergeMethods of(List<MergeMethod> methods) {
        return new MergeMethods(methods.stream().map(SteppedMethod::of).toList());
    }

    /// The methods that come with the program.
    public static MergeMethods builtIn() {
        return BUILT_IN;
    }

    /// These methods and some more.
    ///
    /// @throws IllegalArgumentException if two have the same name
    public MergeMethods with(MergeMethod... more) {
        List<MergeMethod> both = new ArrayList<>(all);
        for (MergeMethod method : more) {
            String name = name(method);
            if (both.stream().anyMatch(m -> name(m).equals(name))) {
                throw new IllegalArgumentException("two merge methods named '" + name + "'");
            }
            both.add(SteppedMethod.of(method));
        }
        both.sort(Comparator.comparing(MergeMethods::name));
        return new MergeMethods(List.copyOf(both));
    }

    /// All of them, sorted by name.
    public List<MergeMethod> all() {
        return all;
    }

    public Optional<MergeMethod> named(String name) {
        return all.stream().filter(m -> name(m).equals(name)).findFirst();
    }

    public List<String> names() {
        return all.stream().map(MergeMethods::name).toList();
    }

    /// Whether any method has a parameter of this name.
    public boolean haveParameter(String name) {
        return parameterNames.contains(name);
    }

    /// The kind of a parameter's values: as `method` declares it, or else as another method does;
    /// empty if no method has it.
    public Optional<Param.Kind> kind(Optional<MethodInfo> method, String parameter) {
        return method.flatMap(m -> m.param(parameter))
                .or(() -> parameters().filter(p -> p.name().equals(parameter)).findFirst())
                .map(Param::kind);
    }

    private Stream<Param> parameters() {
        return all.stream().flatMap(m -> m.info().params().stream());
    }

    private static String name(MergeMethod method) {
        return method.info().name();
    }
}
