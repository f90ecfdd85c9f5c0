package jmergekit.torchfile;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import jmergekit.problem.MergeException;
import jmergekit.tensor.DType;
import jmergekit.torchfile.Pickled.Flag;
import jmergekit.torchfile.Pickled.Items;
import jmergekit.torchfile.Pickled.Mapping;
import jmergekit.torchfile.Pickled.Tensor;
import jmergekit.torchfile.Pickled.Text;
import jmergekit.torchfile.Pickled.Unused;
import jmergekit.torchfile.Pickled.Whole;

/// The results of the calls in a pickle of tensors.
final class Calls {
    /// More dimensions than any array library supports.
    static final int MAX_RANK = 64;

    private static final int MAX_METADATA = 8;

    private static final Unused UNUSED = new Unused("a value that tensors do not use");

    private static final int STORAGE_BYTES = 150;
    private static final int MAPPING_BYTES = 96;
    private static final int TENSOR_BYTES = 300;
    private static final int ITEM_BYTES = 16;

    private final FileInput input;
    private final PickleStack stack;
    private final Map<String, Storage> storages = new HashMap<>();

    Calls(FileInput input, PickleStack stack) {
        this.input = input;
        this.stack = stack;
    }

    Pickled call(Global called, Items arguments) {
        return switch (called.role()) {
            case MAPPING -> mapping(arguments);
            case SIZE -> only(arguments);
            case UNUSED -> UNUSED;
            case TENSOR -> tensor(arguments, Optional.empty());
            case TENSOR_WITH_DTYPE -> tensor(arguments, Optional.of(dtype(arguments)));
            case PARAMETER -> parameter(arguments);
            case TENSOR_FROM_TYPE -> tensorFromType(arguments);
            case TENSOR_TYPE, STORAGE_TYPE, DTYPE ->
                    throw input.damaged("'%s' is called".formatted(called.name()));
        };
    }

    /// The storage for a reference `('storage', type, key, location, elements)` in a checkpoint's
    /// pickle. Streams have a sixth part: None, or the storage of which this one is a view.
    Pickled storage(Pickled reference) {
        if (!(reference instanceof Items parts
                && parts.size() >= 5
                && parts.get(0) instanceof Text(String word)
                && word.equals("storage")
                && parts.get(1) instanceof Global type
                && type.role() == Global.Role.STORAGE_TYPE
                && parts.get(2) instanceof Text(String key)
                && parts.get(4) instanceof Whole(long elements)
                && elements >= 0
                && elements <= Storage.MAX_ELEMENTS)) {
            throw input.damaged("a reference is not to a storage");
        }
        if (parts.size() > 5 && parts.get(5) instanceof Items) {
            throw input.refused("has a storage '%s' that is part of another".formatted(key));
        }
        Storage storage = new Storage(key, type.dtype(), elements);
        Storage known = storages.get(key);
        if (known == null) {
            stack.spend(STORAGE_BYTES);
            storages.put(key, storage);
            return storage;
        }
        if (!known.equals(storage)) {
            throw input.damaged("storage '%s' has two types or sizes".formatted(key));
        }
        return known;
    }

    /// The storages that the pickle refers to.
    Collection<Storage> storages() {
        return storages.values();
    }

    private Pickled mapping(Items arguments) {
        stack.spend(MAPPING_BYTES);
        Mapping mapping = new Mapping();
        if (arguments.size() == 0) {
            return mapping;
        }
        if (!(only(arguments) instanceof Items pairs)) {
            throw badArguments();
        }
        // The same list may be an argument of many calls.
        stack.spend((long) 2 * ITEM_BYTES * pairs.size());
        for (int i = 0; i < pairs.size(); i++) {
            if (!(pairs.get(i) instanceof Items pair && pair.size() == 2)) {
                throw badArguments();
            }
            mapping.put(pair.get(0), pair.get(1));
        }
        return mapping;
    }

    private Pickled only(Items arguments) {
        if (arguments.size() != 1) {
            throw badArguments();
        }
        return arguments.get(0);
    }

    private Pickled parameter(Items arguments) {
        if (arguments.size() >= 1 && arguments.get(0) instanceof Tensor tensor) {
            return tensor;
        }
        throw badArguments();
    }

    /// `(function, type, its arguments, state)`
    private Pickled tensorFromType(Items arguments) {
        if (arguments.size() == 4
                && arguments.get(0) instanceof Global function
                && arguments.get(1) instanceof Global type
                && type.role() == Global.Role.TENSOR_TYPE
                && arguments.get(2) instanceof Items own) {
            switch (function.role()) {
                case TENSOR, TENSOR_WITH_DTYPE, PARAMETER -> {
                    return call(function, own);
                }
                default -> throw badArguments();
            }
        }
        throw badArguments();
    }

    /// `(storage, offset, sizes, strides, requires_grad, hooks[, metadata])`, only the first four
    /// in the oldest form, and with the dtype before `metadata` if the storage has none.
    private Pickled tensor(Items arguments, Optional<DType> dtype) {
        if (!(arguments.size() >= 4
                && arguments.get(0) instanceof Storage storage
                && arguments.get(1) instanceof Whole(long offset)
                && offset >= 0
                && arguments.get(2) instanceof Items sizes
                && arguments.get(3) instanceof Items strides
                && strides.size() == sizes.size())) {
            throw badArguments();
        }
        int metadata = dtype.isPresent() ? 7 : 6;
        if (arguments.size() > metadata
                && arguments.get(metadata) instanceof Mapping bits
                && isSet(bits)) {
            throw input.refused(
                    "has a tensor that is stored conjugated or negated, which is not supported");
        }
        if (sizes.size() > MAX_RANK) {
            throw input.refused("has a tensor with %d dimensions".formatted(sizes.size()));
        }
        stack.spend(TENSOR_BYTES + (long) 2 * ITEM_BYTES * sizes.size());
        DType type = dtype.or(storage::dtype).orElse(DType.U8);
        return new Tensor(storage, type, offset, wholes(sizes), wholes(strides));
    }

    private boolean isSet(Mapping bits) {
        if (bits.size() > MAX_METADATA) {
            throw badArguments();
        }
        for (int i = 0; i < bits.size(); i++) {
            if (bits.value(i) instanceof Flag(boolean set) && set) {
                return true;
            }
        }
        return false;
    }

    private DType dtype(Items arguments) {
        if (arguments.size() >= 7
                && arguments.get(6) instanceof Global type
                && type.role() == Global.Role.DTYPE) {
            return type.dtype().orElseThrow();
        }
        throw badArguments();
    }

    private List<Long> wholes(Items items) {
        List<Long> values = new ArrayList<>(items.size());
        for (int i = 0; i < items.size(); i++) {
            if (!(items.get(i) instanceof Whole(long value) && value >= 0)) {
                throw badArguments();
            }
            values.add(value);
        }
        return values;
    }

    private MergeException badArguments() {
        return input.damaged("a call has unexpected arguments");
    }
}
