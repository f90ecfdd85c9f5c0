package jmergekit.linalg;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;

/// Causal attention within each text, with grouped heads and rotary positions.
final class Attention {
    /// Maximum number of attention scores held at a time.
    private static final long SCORES = 16L << 20;

    private static final float MASKED = -1e30f;

    private final DecoderShape shape;

    Attention(DecoderShape shape) {
        this.shape = shape;
    }

    /// @param queries (tokens, heads, head size), keys and values (tokens, key heads, head size)
    /// @return (tokens, heads * head size)
    NDArray apply(int layer, NDArray queries, NDArray keys, NDArray values, TokenRows rows) {
        NDManager owner = queries.getManager();
        NDArray turnedQueries = rows.rotated(queries).muli(1 / Math.sqrt(shape.headSize()));
        NDArray turnedKeys = rows.rotated(keys);
        NDList parts = new NDList();
        for (TokenRows.Run run : rows.runs()) {
            try (NDManager step = owner.newSubManager()) {
                NDArray k = byHead(turnedKeys, run, step);
                NDArray v = byHead(values, run, step);
                if (run.past() != null) {
                    NDList all = run.past().add(layer, k, v);
                    k = all.get(0);
                    v = all.get(1);
                }
                attend(byHead(turnedQueries, run, step), k, v, run.seen(), parts, owner);
            }
        }
        return joined(parts);
    }

    private static NDArray joined(NDList parts) {
        return parts.size() == 1 ? parts.getFirst() : NDArrays.concat(parts, 0);
    }

    /// The rows of a run as (texts, heads, length, head size).
    private NDArray byHead(NDArray x, TokenRows.Run run, NDManager step) {
        NDArray own = x.get(new NDIndex().addSliceDim(run.first(), run.end()));
        own.attach(step);
        return own.reshape(run.texts(), run.length(), x.getShape().get(1), shape.headSize())
                .transpose(0, 2, 1, 3);
    }

    // Processes as many texts at a time as the limit on scores allows, or as many rows of one text.
    private void attend(
            NDArray queries,
            NDArray keys,
            NDArray values,
            int seen,
            NDList parts,
            NDManager owner) {
        long texts = queries.getShape().get(0);
        long length = queries.getShape().get(2);
        long total = keys.getShape().get(2);
        long some = Math.clamp(SCORES / (shape.heads() * length * total), 1, texts);
        long rows = some > 1 ? length : Math.clamp(SCORES / (shape.heads() * total), 1, length);
        for (long text = 0; text < texts; text += some) {
            long end = Math.min(texts, text + some);
            for (long row = 0; row < length; row += rows) {
                long endRow = Math.min(length, row + rows);
                try (NDManager step = queries.getManager().newSubManager()) {
                    NDIndex own = new NDIndex().addSliceDim(text, end);
                    NDArray q =
                            part(
                                    queries,
                                    new NDIndex()
                                            .addSliceDim(text, end)
                                            .addAllDim()
                                            .addSliceDim(row, endRow),
                                    step);
                    NDArray mask = mask(seen + row, endRow - row, total, step);
                    NDArray part = rows(q, part(keys, own, step), part(values, own, step), mask);
                    part.attach(owner);
                    parts.add(part);
                }
            }
        }
    }

    private static NDArray part(NDArray x, NDIndex index, NDManager step) {
        NDArray part = x.get(index);
        part.attach(step);
        return part;
    }

    private NDArray rows(NDArray queries, NDArray keys, NDArray values, NDArray mask) {
        long texts = queries.getShape().get(0);
        long count = queries.getShape().get(2);
        long total = keys.getShape().get(2);
        long together = shape.heads() / shape.keyHeads() * count;
        NDArray scores =
                queries.reshape(texts, shape.keyHeads(), together, shape.headSize())
                        .matMul(keys.transpose(0, 1, 3, 2))
                        .reshape(texts, shape.heads(), count, total);
        NDArray weights = scores.addi(mask).softmax(-1);
        return weights.reshape(texts, shape.keyHeads(), together, total)
                .matMul(values)
                .reshape(texts, shape.heads(), count, shape.headSize())
                .transpose(0, 2, 1, 3)
                .reshape(texts * count, (long) shape.heads() * shape.headSize());
    }

    // A token attends to itself and to earlier tokens.
    private static NDArray mask(long first, long count, long total, NDManager owner) {
        float[] mask = new float[Math.toIntExact(count * total)];
        for (int row = 0; row < count; row++) {
            for (long column = first + row + 1; column < total; column++) {
                mask[(int) (row * total + column)] = MASKED;
            }
        }
        return owner.create(mask, new Shape(count, total));
    }
}
