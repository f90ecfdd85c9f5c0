package jmergekit.engine;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import jmergekit.plan.AdapterUpdate;
import jmergekit.plan.AdapterUpdate.Addend;
import jmergekit.plan.LayerBlocks;
import jmergekit.plan.Scaling;
import jmergekit.plan.TensorSource;
import jmergekit.plan.TensorSource.RowSelection;
import jmergekit.primitive.SourceTensor;
import jmergekit.source.GatheredBlocks;
import jmergekit.source.LowRankUpdate;
import jmergekit.source.RemappedRows;
import jmergekit.source.ScaledBlocks;
import jmergekit.source.ScaledSum;
import jmergekit.tile.TileOps;
import jmergekit.weights.TensorLocation;

/// Opens the sources of tensors as the kernels read them: the stored elements, multiplied by their
/// scales, changed by the model's adapter, in the rows of the merged vocabulary, in the blocks of the
/// output's layers.
record SourceTensors(OpenFiles files, TileOps ops) {
    SourceTensor open(TensorSource source) {
        return source.blocks().map(this::gathered).orElseGet(() -> openWhole(source));
    }

    private SourceTensor gathered(LayerBlocks gathered) {
        List<GatheredBlocks.Block> blocks = new ArrayList<>();
        for (LayerBlocks.Block block : gathered.blocks()) {
            blocks.add(
                    new GatheredBlocks.Block(open(block.source()), block.layer(), block.layers()));
        }
        return new GatheredBlocks(blocks, gathered.outer(), gathered.length());
    }

    private SourceTensor openWhole(TensorSource source) {
        return source.rows()
                .map(rows -> mapped(source, rows))
                .orElseGet(() -> updated(source, source.elements()));
    }

    private SourceTensor updated(TensorSource source, long elements) {
        SourceTensor plain = stored(source.location(), elements);
        SourceTensor stored = source.scaling().map(s -> scaled(plain, s)).orElse(plain);
        return source.update()
                .flatMap(AdapterUpdate::addend)
                .map(a -> updated(stored, a))
                .orElse(stored);
    }

    private SourceTensor scaled(SourceTensor tensor, Scaling scaling) {
        return new ScaledBlocks(
                tensor,
                scaling.columns(),
                stored(scaling.scale()),
                scaling.blockRows(),
                scaling.blockColumns());
    }

    private SourceTensor updated(SourceTensor tensor, Addend addend) {
        return switch (addend) {
            case AdapterUpdate.Product p -> new LowRankUpdate(tensor, p.columns(), factors(p), ops);
            case AdapterUpdate.Same s -> new ScaledSum(tensor, stored(s.tensor()), s.scale(), ops);
        };
    }

    private LowRankUpdate.Factors factors(AdapterUpdate.Product product) {
        SourceTensor a = stored(product.a());
        SourceTensor b = stored(product.b());
        boolean transposed = product.transposed();
        return new LowRankUpdate.Factors(
                transposed ? a : b,
                transposed ? b : a,
                product.rank(),
                transposed,
                product.scale());
    }

    private SourceTensor stored(TensorLocation location) {
        return stored(location, location.entry().spec().shape().elements());
    }

    private SourceTensor stored(TensorLocation location, long elements) {
        return files.tensor(location, elements);
    }

    private SourceTensor mapped(TensorSource source, RowSelection rows) {
        Map<Integer, SourceTensor> models = new HashMap<>();
        rows.others().forEach((model, other) -> models.put(model, open(other)));
        models.put(source.model(), updated(source, source.spec().shape().elements()));
        long columns = rows.shape().elements() / rows.table().rows();
        return new RemappedRows(rows.table(), source.model(), models, columns);
    }
}
