package jmergekit.planner;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.Stream;
import jmergekit.arch.NameMap;
import jmergekit.arch.Structure;
import jmergekit.method.Value;
import jmergekit.model.Adapter;
import jmergekit.model.Adapter.Factors;
import jmergekit.model.ModelFolder;
import jmergekit.planner.AdapterUpdate.Addend;
import jmergekit.planner.AdapterUpdate.Product;
import jmergekit.planner.AdapterUpdate.Same;
import jmergekit.problem.Problem;
import jmergekit.problem.Problems;
import jmergekit.source.LowRankUpdate;
import jmergekit.tensor.DType;
import jmergekit.tensor.NameRanges;
import jmergekit.tensor.Shape;
import jmergekit.tensor.TensorSpec;
import jmergekit.weights.TensorLocation;

/// Finds the tensors of a model that its adapter changes. Each tensor of the adapter must change
/// one.
final class AdapterMatch {
    private static final String WEIGHT = ".weight";
    private static final String BIAS = ".bias";

    private final ModelFolder model;
    private final Adapter adapter;
    private final Map<String, TensorLocation> tensors;
    private final Map<String, AdapterUpdate> updates = new HashMap<>();
    private final Map<String, List<String>> refused = new LinkedHashMap<>();
    private Map<String, String> names = new LinkedHashMap<>();

    /// @param tensors the model's tensors by name, packed weights as the values they stand for;
    ///     tensors that the adapter stores whole are replaced
    AdapterMatch(ModelFolder model, Adapter adapter, Map<String, TensorLocation> tensors) {
        this.model = model;
        this.adapter = adapter;
        this.tensors = tensors;
    }

    /// What the adapter does, by the names of the model's tensors.
    Map<String, AdapterUpdate> updates(Problems problems) {
        Collection<String> changed = changed();
        names = NameMap.toReference(changed, tensors.keySet());
        TiedNames tied = TiedNames.of(model.config(), Set.copyOf(tensors.keySet()));
        changed.forEach(name -> tied.own(name, changed).ifPresent(own -> correct(name, own)));
        adapter.whole().values().stream()
                .filter(w -> !tied.isCopy(w.entry().spec().name(), changed))
                .forEach(this::replace);
        adapter.factors().stream()
                .filter(f -> !tied.isCopy(f.module() + WEIGHT, changed))
                .forEach(this::update);
        report(problems);
        return updates;
    }

    private void correct(String name, String own) {
        if (!tensors.containsKey(names.get(name))) {
            names.put(name, own);
        }
    }

    private Collection<String> changed() {
        return Stream.concat(
                        adapter.whole().keySet().stream(),
                        adapter.factors().stream().flatMap(AdapterMatch::changed))
                .distinct()
                .toList();
    }

    private static Stream<String> changed(Factors factors) {
        String weight = factors.module() + WEIGHT;
        return factors.bias().isPresent()
                ? Stream.of(weight, factors.module() + BIAS)
                : Stream.of(weight);
    }

    private void replace(TensorLocation whole) {
        TensorSpec spec = whole.entry().spec();
        String name = names.get(spec.name());
        Optional<TensorSpec> own = find(name).map(l -> l.entry().spec());
        if (own.isEmpty()) {
            refuse(spec.name(), "matches no tensor of the model");
        } else if (!fits(name, spec.shape(), own.get().shape())) {
            refuse(
                    spec.name(),
                    "is %s, the model's is %s".formatted(spec.shape(), own.get().shape()));
        } else {
            tensors.put(name, new TensorLocation(whole.header(), whole.entry().withName(name)));
            updates.put(name, new AdapterUpdate(own.get().dtype(), true, Optional.empty()));
        }
    }

    // An adapter may have embeddings for more tokens.
    private static boolean fits(String name, Shape whole, Shape own) {
        return whole.equals(own)
                || Structure.isEmbedding(name)
                        && whole.rank() == 2
                        && own.rank() == 2
                        && whole.size(1) == own.size(1);
    }

    // A head that is tied to the embeddings starts from their values.
    private Optional<TensorLocation> find(String name) {
        Optional<TensorLocation> own = Optional.ofNullable(tensors.get(name));
        return own.isEmpty() && Structure.isHead(name) && isTied()
                ? tensors.keySet().stream()
                        .filter(Structure::isInputEmbedding)
                        .findFirst()
                        .map(tensors::get)
                : own;
    }

    private boolean isTied() {
        return model.config().tieWordEmbeddings().orElse(true);
    }

    private void update(Factors factors) {
        String module = factors.module();
        String name = names.get(module + WEIGHT);
        Optional<TensorLocation> weight = find(name);
        if (weight.isEmpty()) {
            refuse(factors.a().entry().spec().name(), "matches no tensor of the model");
            return;
        }
        DType dtype = weight.get().entry().spec().dtype();
        if (!dtype.isFloat()) {
            refuse(module, "changes floating-point values, but the model stores them as " + dtype);
            return;
        }
        Shape w = shape(weight.get());
        Optional<String> flaw = flaw(factors, w);
        if (flaw.isPresent()) {
            refuse(module, flaw.get());
            return;
        }
        long rank = shape(factors.a()).size(0);
        if (rank > 0) {
            double scale = adapter.settings().scale(module, rank);
            boolean transposed = isTransposed(factors, w);
            add(name, weight.get(), new Product(factors.a(), factors.b(), transposed, scale));
            factors.bias().ifPresent(bias -> addBias(module, bias, scale));
        }
    }

    /// Why the factors cannot change a weight of shape `w`.
    private Optional<String> flaw(Factors factors, Shape w) {
        Shape a = shape(factors.a());
        Shape b = shape(factors.b());
        String shapes = "has factors A %s and B %s for the model's %s".formatted(a, b, w);
        if (a.rank() != 2 || b.rank() != 2 || w.rank() != 2) {
            return Optional.of(shapes + ", but only matrices can be changed");
        }
        boolean straight = !factors.lookup() && w.equals(Shape.of(b.size(0), a.size(1)));
        if (a.size(0) != b.size(1) || !straight && !isTransposed(factors, w)) {
            return Optional.of(shapes + ", which do not fit");
        }
        long rank = a.size(0);
        OptionalDouble promised = adapter.settings().rank(factors.module());
        if (rank > 0 && promised.isPresent() && promised.getAsDouble() != rank) {
            return Optional.of(
                    "has factors of rank %d, but %s says %s"
                            .formatted(rank, Adapter.CONFIG, Value.of(promised.getAsDouble())));
        }
        return rank > LowRankUpdate.MAX_RANK
                ? Optional.of(shapes + ": the rank is larger than the matrix allows")
                : Optional.empty();
    }

    private boolean isTransposed(Factors factors, Shape w) {
        return (factors.lookup() || adapter.settings().fanInFanOut())
                && w.equals(Shape.of(shape(factors.a()).size(1), shape(factors.b()).size(0)));
    }

    private void addBias(String module, TensorLocation bias, double scale) {
        String name = names.get(module + BIAS);
        TensorLocation own = tensors.get(name);
        String tensor = bias.entry().spec().name();
        if (own == null) {
            refuse(tensor, "matches no tensor of the model");
        } else if (!own.entry().spec().dtype().isFloat()) {
            refuse(
                    tensor,
                    "changes floating-point values, but the model stores them as "
                            + own.entry().spec().dtype());
        } else if (!shape(own).equals(shape(bias))) {
            refuse(tensor, "is %s, the model's is %s".formatted(shape(bias), shape(own)));
        } else {
            add(name, own, new Same(bias, scale));
        }
    }

    private void add(String name, TensorLocation location, Addend addend) {
        AdapterUpdate replaced = updates.get(name);
        tensors.putIfAbsent(name, location);
        updates.put(
                name,
                new AdapterUpdate(
                        replaced == null ? location.entry().spec().dtype() : replaced.dtype(),
                        replaced != null && replaced.whole(),
                        Optional.of(addend)));
    }

    private static Shape shape(TensorLocation location) {
        return location.entry().spec().shape();
    }

    private void refuse(String name, String what) {
        refused.computeIfAbsent(what, _ -> new ArrayList<>()).add(name);
    }

    private void report(Problems problems) {
        refused.forEach((what, all) ->
                NameRanges.of(all)
                        .forEach(name ->
                                problems.add(
                                        Problem.input(
                                                        adapter.where(),
                                                        "'%s' of the adapter %s"
                                                                .formatted(name, what))
                                                .hint(
                                                        "is it an adapter of '%s'?"
                                                                .formatted(
                                                                        model.reference()
                                                                                .path())))));
    }
}
