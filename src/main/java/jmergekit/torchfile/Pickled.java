package jmergekit.torchfile;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import jmergekit.tensor.DType;

/// The values in a pickle, as far as they matter for tensors.
sealed interface Pickled
        permits Pickled.Text,
                Pickled.Whole,
                Pickled.Flag,
                Pickled.Unused,
                Pickled.Tensor,
                Pickled.Items,
                Pickled.Mapping,
                Foreign,
                Global,
                Storage {
    /// The type of the value in messages, as in `a tuple`.
    String kind();

    /// Whether it is a tensor or contains tensors.
    default boolean holdsTensors() {
        return false;
    }

    record Text(String text) implements Pickled {
        @Override
        public String kind() {
            return "a string";
        }
    }

    /// An integer of at most 64 bits.
    record Whole(long value) implements Pickled {
        @Override
        public String kind() {
            return "a number";
        }
    }

    record Flag(boolean value) implements Pickled {
        static final Flag TRUE = new Flag(true);
        static final Flag FALSE = new Flag(false);

        @Override
        public String kind() {
            return "a boolean";
        }
    }

    /// A value that is read and discarded, such as None, a fractional number, or bytes.
    record Unused(String kind) implements Pickled {}

    /// A view of a storage, not yet checked against it.
    ///
    /// @param offset the offset of its first element, in elements
    record Tensor(Storage storage, DType dtype, long offset, List<Long> sizes, List<Long> steps)
            implements Pickled {
        @Override
        public String kind() {
            return "a tensor";
        }

        @Override
        public boolean holdsTensors() {
            return true;
        }
    }

    /// A list or tuple.
    final class Items implements Pickled {
        private final boolean isList;
        private final List<Pickled> items = new ArrayList<>();
        private boolean holdsTensors;

        Items(boolean isList) {
            this.isList = isList;
        }

        @Override
        public String kind() {
            return isList ? "a list" : "a tuple";
        }

        @Override
        public boolean holdsTensors() {
            return holdsTensors;
        }

        boolean isList() {
            return isList;
        }

        int size() {
            return items.size();
        }

        Pickled get(int i) {
            return items.get(i);
        }

        void add(Pickled item) {
            items.add(item);
            holdsTensors |= item.holdsTensors();
        }
    }

    /// A dictionary: keys and their values in order of assignment; a key that is set twice appears
    /// twice. It is not a Java map, since hashing a hostile key could take forever.
    final class Mapping implements Pickled {
        private final List<Pickled> keys = new ArrayList<>();
        private final List<Pickled> values = new ArrayList<>();
        private boolean holdsTensors;
        private boolean holdsOwnTensors;

        @Override
        public String kind() {
            return "a dictionary";
        }

        @Override
        public boolean holdsTensors() {
            return holdsTensors;
        }

        /// Whether some of its values are tensors.
        boolean holdsOwnTensors() {
            return holdsOwnTensors;
        }

        /// The value of a string key, the last one set.
        Optional<Pickled> find(String key) {
            for (int i = keys.size() - 1; i >= 0; i--) {
                if (keys.get(i) instanceof Text(String text) && text.equals(key)) {
                    return Optional.of(values.get(i));
                }
            }
            return Optional.empty();
        }

        int size() {
            return keys.size();
        }

        Pickled key(int i) {
            return keys.get(i);
        }

        Pickled value(int i) {
            return values.get(i);
        }

        void put(Pickled key, Pickled value) {
            keys.add(key);
            values.add(value);
            holdsTensors |= value.holdsTensors();
            holdsOwnTensors |= value instanceof Tensor;
        }
    }
}
