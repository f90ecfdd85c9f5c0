package jmergekit.linalg;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;

/// Causal attention within each text, and its gradient. The attention weights are computed twice
/// rather than kept: those of a text grow with the square of its length.
final class AttentionGradient {
    /// Maximum number of attention weights held at a time, unless one key head of one text has more.
    private static final long SCORES = 8L << 20;

    private static final float MASKED = -1e30f;

    private final DecoderShape shape;
    private final TokenRows rows;
    private final NDArray queries;
    private final NDArray keys;
    private final NDArray values;
    private final long scores;
    private final NDList atQueries = new NDList();
    private final NDList atKeys = new NDList();
    private final NDList atValues = new NDList();

    /// @param queries (tokens, heads, head size), keys and values (tokens, key heads, head size)
    AttentionGradient(
            DecoderShape shape, TokenRows rows, NDArray queries, NDArray keys, NDArray values) {
        this(shape, rows, queries, keys, values, SCORES);
    }

    /// @param scores attention weights to hold at a time
    AttentionGradient(
            DecoderShape shape,
            TokenRows rows,
            NDArray queries,
            NDArray keys,
            NDArray values,
            long scores) {
        this.scores = scores;
        this.shape = shape;
        this.rows = rows;
        this.queries = rows.rotated(queries).muli(1 / Math.sqrt(shape.headSize()));
        this.keys = rows.rotated(keys);
        this.values = values;
    }

    /// The work on one group: some texts of a run and some of their key heads.
    private interface Group {
        /// @param index of the part in arrays (texts, key heads, …)
        NDArray of(NDIndex index, NDManager step);
    }

    /// (tokens, heads * head size)
    NDArray output() {
        NDList parts = new NDList();
        for (TokenRows.Run run : rows.runs()) {
            NDList groups = new NDList();
            Part q = new Part(queries, run);
            Part k = new Part(keys, run);
            Part v = new Part(values, run);
            forEachGroup(
                    run,
                    (index, step) -> {
                        NDArray weights = weights(q.of(index, step), k.of(index, step), run, step);
                        return weights.matMul(v.of(index, step));
                    },
                    groups);
            parts.add(byToken(joined(groups, run), run, shape.heads()));
        }
        return concat(parts).reshape(queries.getShape().get(0), -1);
    }

    /// Computes the gradients.
    ///
    /// @param gradient at the output, (tokens, heads * head size)
    void differentiate(NDArray gradient) {
        NDArray split = gradient.reshape(-1, shape.heads(), shape.headSize());
        for (TokenRows.Run run : rows.runs()) {
            Part q = new Part(queries, run);
            Part k = new Part(keys, run);
            Part v = new Part(values, run);
            Part g = new Part(split, run);
            NDList ofQueries = new NDList();
            NDList ofKeys = new NDList();
            NDList ofValues = new NDList();
            forEachGroup(
                    run,
                    (index, step) -> {
                        NDArray query = q.of(index, step);
                        NDArray key = k.of(index, step);
                        NDArray weights = weights(query, key, run, step);
                        NDArray at = g.of(index, step);
                        ofValues.add(kept(weights.transpose(0, 1, 3, 2).matMul(at)));
                        NDArray atWeights = at.matMul(v.of(index, step).transpose(0, 1, 3, 2));
                        NDArray along = atWeights.mul(weights).sum(new int[] {3}, true);
                        NDArray atScores = atWeights.subi(along).muli(weights);
                        ofKeys.add(kept(atScores.transpose(0, 1, 3, 2).matMul(query)));
                        return atScores.matMul(key);
                    },
                    ofQueries);
            atQueries.add(byToken(joined(ofQueries, run), run, shape.heads()));
            atKeys.add(byToken(joined(ofKeys, run), run, shape.keyHeads()));
            atValues.add(byToken(joined(ofValues, run), run, shape.keyHeads()));
        }
    }

    /// The gradient at the queries, (tokens, heads, head size).
    NDArray queries() {
        return rows.rotatedBack(concat(atQueries)).muli(1 / Math.sqrt(shape.headSize()));
    }

    /// The gradient at the keys.
    NDArray keys() {
        return rows.rotatedBack(concat(atKeys));
    }

    /// The gradient at the values.
    NDArray values() {
        return concat(atValues);
    }

    private static NDArray concat(NDList parts) {
        return parts.size() == 1 ? parts.getFirst() : NDArrays.concat(parts, 0);
    }

    private NDArray kept(NDArray part) {
        part.attach(queries.getManager());
        return part;
    }

    private long textsTogether(TokenRows.Run run) {
        long ofText = (long) shape.heads() * run.length() * run.length();
        return Math.clamp(scores / ofText, 1, run.texts());
    }

    private long headsTogether(TokenRows.Run run) {
        long ofHead = (long) shape.heads() / shape.keyHeads() * run.length() * run.length();
        return Math.clamp(scores / (textsTogether(run) * ofHead), 1, shape.keyHeads());
    }

    private void forEachGroup(TokenRows.Run run, Group group, NDList results) {
        long texts = textsTogether(run);
        long heads = headsTogether(run);
        for (long text = 0; text < run.texts(); text += texts) {
            long endText = Math.min(text + texts, run.texts());
            for (long head = 0; head < shape.keyHeads(); head += heads) {
                long endHead = Math.min(head + heads, shape.keyHeads());
                NDIndex index = new NDIndex().addSliceDim(text, endText).addSliceDim(head, endHead);
                try (NDManager step = queries.getManager().newSubManager()) {
                    results.add(kept(group.of(index, step)));
                }
            }
        }
    }

    /// The parts of all groups as (texts, key heads, …).
    private NDArray joined(NDList groups, TokenRows.Run run) {
        int across = (int) Math.ceilDiv(shape.keyHeads(), headsTogether(run));
        NDList texts = new NDList();
        for (int first = 0; first < groups.size(); first += across) {
            NDList heads = new NDList(groups.subList(first, first + across));
            texts.add(heads.size() == 1 ? heads.getFirst() : NDArrays.concat(heads, 1));
        }
        return concat(texts);
    }

    /// (texts, key heads, heads of each * length, head size) as (tokens, heads, head size).
    private NDArray byToken(NDArray x, TokenRows.Run run, int heads) {
        return x.reshape(run.texts(), heads, run.length(), shape.headSize())
                .transpose(0, 2, 1, 3)
                .reshape((long) run.texts() * run.length(), heads, shape.headSize());
    }

    /// The rows of a run, as (texts, key heads, heads of each * length, head size).
    private final class Part {
        private final NDArray all;

        Part(NDArray x, TokenRows.Run run) {
            long heads = x.getShape().get(1);
            this.all =
                    x.get(new NDIndex().addSliceDim(run.first(), run.end()))
                            .reshape(run.texts(), run.length(), heads, shape.headSize())
                            .transpose(0, 2, 1, 3)
                            .reshape(
                                    run.texts(),
                                    shape.keyHeads(),
                                    heads / shape.keyHeads() * run.length(),
                                    shape.headSize());
        }

        NDArray of(NDIndex index, NDManager step) {
            NDArray part = all.get(index);
            part.attach(step);
            return part;
        }
    }

    private NDArray weights(NDArray queries, NDArray keys, TokenRows.Run run, NDManager step) {
        Shape shape = queries.getShape();
        long together = shape.get(2) / run.length();
        NDArray products =
                queries.matMul(keys.transpose(0, 1, 3, 2))
                        .reshape(shape.get(0), shape.get(1) * together, run.length(), run.length());
        return products.addi(mask(run.length(), step))
                .softmax(-1)
                .reshape(shape.get(0), shape.get(1), shape.get(2), run.length());
    }

    // A token attends to itself and to earlier tokens.
    private static NDArray mask(int length, NDManager owner) {
        float[] mask = new float[Math.multiplyExact(length, length)];
        for (int row = 0; row < length; row++) {
            for (int column = row + 1; column < length; column++) {
                mask[row * length + column] = MASKED;
            }
        }
        return owner.create(mask, new Shape(length, length));
    }
}
