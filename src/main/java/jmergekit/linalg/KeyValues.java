package jmergekit.linalg;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.List;

/// A key-value cache: the keys and values of the tokens so far in each layer, for texts of equal
/// length.
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

    /// The number of earlier tokens of each text.
    int length() {
        return length;
    }

    /// Adds keys and values of the next tokens, (texts, key heads, tokens, head size).
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

    /// Records that all layers have processed this many more tokens.
    void advance(int tokens) {
        length += tokens;
    }

    @Override
    public void close() {
        manager.close();
    }
}
