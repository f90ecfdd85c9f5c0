package jmergekit.linalg;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;

/// Causal attention of one text, with grouped heads and rotary positions.
final class Attention {
    /// Most elements of the scores that are held at a time.
    private static final long SCORES = 16L << 20;

    private static final float MASKED = -1e30f;

    private final DecoderShape shape;

    Attention(DecoderShape shape) {
        this.shape = shape;
    }

    /// @param queries (tokens, heads, head size), keys and values (tokens, key heads, head size)
    /// @return (tokens, heads * head size)
    NDArray apply(NDArray queries, NDArray keys, NDArray values) {
        int tokens = (int) queries.getShape().get(0);
        NDManager owner = queries.getManager();
        NDArray rotatedQueries = byHead(rotated(queries, owner)).div(Math.sqrt(shape.headSize()));
        NDArray rotatedKeys = byHead(rotated(keys, owner)).transpose(0, 2, 1);
        NDArray valuesByHead = byHead(values);
        int rows = Math.clamp(SCORES / ((long) shape.heads() * tokens), 1, tokens);
        NDList parts = new NDList();
        for (int first = 0; first < tokens; first += rows) {
            int end = Math.min(tokens, first + rows);
            try (NDManager step = owner.newSubManager()) {
                NDArray some = rotatedQueries.get(new NDIndex(":, {}:{}", first, end));
                some.attach(step);
                NDArray part = rows(some, rotatedKeys, valuesByHead, first);
                part.attach(owner);
                parts.add(part);
            }
        }
        return parts.size() == 1 ? parts.getFirst() : NDArrays.concat(parts, 0);
    }

    private NDArray rows(NDArray queries, NDArray keys, NDArray values, int first) {
        long count = queries.getShape().get(1);
        long tokens = keys.getShape().get(2);
        long together = shape.heads() / shape.keyHeads() * count;
        NDArray scores =
                queries.reshape(shape.keyHeads(), together, shape.headSize())
                        .matMul(keys)
                        .reshape(shape.heads(), count, tokens);
        NDArray weights = scores.add(mask(first, count, tokens, queries.getManager())).softmax(-1);
        return weights.reshape(shape.keyHeads(), together, tokens)
                .matMul(values)
                .reshape(shape.heads(), count, shape.headSize())
                .transpose(1, 0, 2)
                .reshape(count, (long) shape.heads() * shape.headSize());
    }

    // A token sees those before it and itself.
    private static NDArray mask(int first, long count, long tokens, NDManager owner) {
        float[] mask = new float[Math.toIntExact(count * tokens)];
        for (int row = 0; row < count; row++) {
            for (int column = first + row + 1; column < tokens; column++) {
                mask[(int) (row * tokens + column)] = MASKED;
            }
        }
        return owner.create(mask, new Shape(count, tokens));
    }

    private static NDArray byHead(NDArray x) {
        return x.transpose(1, 0, 2);
    }

    /// Turns the pairs (i, i + half) of each head's elements by the token's position.
    private NDArray rotated(NDArray x, NDManager owner) {
        int tokens = (int) x.getShape().get(0);
        int half = shape.headSize() / 2;
        float[] cos = new float[tokens * shape.headSize()];
        float[] sin = new float[cos.length];
        double magnitude = shape.rotary().magnitude();
        for (int t = 0; t < tokens; t++) {
            for (int i = 0; i < shape.headSize(); i++) {
                double angle = t * shape.rotary().angles()[i % half];
                cos[t * shape.headSize() + i] = (float) (magnitude * Math.cos(angle));
                sin[t * shape.headSize() + i] = (float) (magnitude * Math.sin(angle));
            }
        }
        Shape broadcast = new Shape(tokens, 1, shape.headSize());
        NDArray left = x.get(new NDIndex(":, :, :{}", half));
        NDArray right = x.get(new NDIndex(":, :, {}:", half));
        NDArray swapped = NDArrays.concat(new NDList(right.neg(), left), 2);
        return x.mul(owner.create(cos, broadcast)).add(swapped.mul(owner.create(sin, broadcast)));
    }
}
