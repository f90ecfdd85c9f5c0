package jmergekit.linalg;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.List;

/// The keys and values of the tokens so far, in each layer, of texts of the same length.
final class KeyValues implements AutoCloseable {
    private final NDManager manager;
    private final List<NDList> layers = new ArrayList<>();
    private int length;

    KeyValues(NDManager parent, int layers) {
        this.manager = parent.newSubManager();
        for (int i = 0; i < layers; i++) {
            this.layers.add(new NDList());
        }
    }

    /// How many tokens of each text were seen before.
    int length() {
        return length;
    }

    /// Adds those of the next tokens, (texts, key heads, tokens, head size).
    ///
    /// @return the keys of all tokens, and the values
    NDList add(int layer, NDArray keys, NDArray values) {
        NDList known = layers.get(layer);
        NDList all =
                known.isEmpty()
                        ? new NDList(keys.duplicate(), values.duplicate())
                        : new NDList(
                                NDArrays.concat(new NDList(known.get(0), keys), 2),
                                NDArrays.concat(new NDList(known.get(1), values), 2));
        all.attach(manager);
        known.close();
        layers.set(layer, all);
        return all;
    }

    /// Tells that all layers have seen so many more tokens.
    void advance(int tokens) {
        length += tokens;
    }

    @Override
    public void close() {
        manager.close();
    }
}
