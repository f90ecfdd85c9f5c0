package jmergekit.lora;

import java.lang.foreign.MemorySegment;
import java.util.Optional;
import jmergekit.engine.InputTensors;
import jmergekit.linalg.LowRank;
import jmergekit.linalg.Scale;
import jmergekit.primitive.SourceTensor;
import jmergekit.tensor.DType;
import jmergekit.tensor.NonFinite;
import jmergekit.tensor.Shape;
import jmergekit.tensor.TensorSpec;
import jmergekit.tile.TileOps;

/// Factorises one module's difference, and puts the factors into the store.
///
/// @param keepsBiases whether a changed bias is stored in full; otherwise its difference is stored
/// @param budget most bytes of a matrix to hold at a time
record ModuleExtraction(
        ModuleWork.Decomposed module,
        ExtractionOptions options,
        InputTensors inputs,
        TileOps ops,
        FactorStore store,
        boolean keepsBiases,
        long budget) {

    ModuleResult run() {
        boolean biasChanged = storeBias();
        SourceTensor weight = inputs.open(module.weight().model());
        SourceTensor base = inputs.open(module.weight().base().orElseThrow());
        Difference difference =
                new Difference(module.weight().name(), weight, base, module.rows(), ops);
        try (LowRank factors =
                LowRank.of(
                        difference,
                        options.rank(),
                        scale(),
                        options.seed(),
                        module.module(),
                        budget)) {
            if (factors.rank() == 0) {
                return withoutFactors(factors, biasChanged);
            }
            store(factors);
            return new ModuleResult(
                    module.module(),
                    factors.rank(),
                    factors.norm(),
                    factors.error(),
                    factors.converged(),
                    true);
        }
    }

    /// A gets the whole scale unless it is shared; A is the left factor of a transposed weight.
    private Scale scale() {
        if (options.distributeScale()) {
            return Scale.BOTH;
        }
        return module.layout().isTransposed() ? Scale.LEFT : Scale.RIGHT;
    }

    private void store(LowRank factors) {
        int rank = factors.rank();
        boolean transposed = module.layout().isTransposed();
        Factor left = new Factor(factors.left(), module.rows(), rank, transposed);
        Factor right = new Factor(factors.right(), rank, module.columns(), transposed);
        store(a(rank), transposed ? left : right);
        store(b(rank), transposed ? right : left);
    }

    private void store(TensorSpec spec, Factor factor) {
        factor.store(spec.dtype(), ops, store.add(spec));
    }

    private TensorSpec a(int rank) {
        return module.a(rank);
    }

    private TensorSpec b(int rank) {
        return module.b(rank);
    }

    /// A changed bias requires factors: zeros of rank 1.
    private ModuleResult withoutFactors(LowRank none, boolean biasChanged) {
        if (biasChanged) {
            storeZeros();
        }
        return new ModuleResult(
                module.module(), biasChanged ? 1 : 0, none.norm(), none.norm(), true, biasChanged);
    }

    private void storeZeros() {
        zeros(a(1));
        zeros(b(1));
    }

    private void zeros(TensorSpec spec) {
        store.add(spec).write(0, MemorySegment.ofArray(new byte[Math.toIntExact(spec.bytes())]));
    }

    /// Stores the difference of the bias, or the bias itself, if the bias changed.
    private boolean storeBias() {
        Optional<TensorPair> bias = module.bias();
        if (bias.isEmpty()) {
            return false;
        }
        SourceTensor model = inputs.open(bias.get().model());
        int n = Math.toIntExact(model.elements());
        float[] difference = new float[n];
        model.read(0, n, difference);
        if (bias.get().base().isPresent()) {
            float[] base = new float[n];
            inputs.open(bias.get().base().get()).read(0, n, base);
            ops.subtract(difference, base, difference, n);
        }
        if (NonFinite.count(difference, n) > 0) {
            throw Difference.notFinite(bias.get().name());
        }
        boolean changed = false;
        for (float value : difference) {
            changed |= value != 0;
        }
        if (changed) {
            if (keepsBiases) {
                model.read(0, n, difference);
            }
            DType dtype = module.dtype();
            String name =
                    keepsBiases
                            ? Layout.keptBiasName(module.module())
                            : Layout.biasName(module.module());
            TensorSpec spec = new TensorSpec(name, dtype, Shape.of(n));
            MemorySegment bytes = MemorySegment.ofArray(new byte[n * dtype.bytes()]);
            ops.narrow(difference, n, dtype, bytes, 0);
            store.add(spec).write(0, bytes);
        }
        return changed;
    }
}
