package jmergekit.torchfile;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import jmergekit.tensor.DType;

/// A Python class or function that a pickle may name: one of a short list. Nothing is looked up,
/// loaded or run; each only represents an operation of the reader itself.
///
/// @param dtype the dtype of a storage type or dtype
record Global(String name, Role role, Optional<DType> dtype) implements Pickled {
    /// What the reader does when a pickle calls it.
    enum Role {
        /// Makes a mapping.
        MAPPING,
        /// Returns its argument.
        SIZE,
        /// Makes a value that tensors do not use.
        UNUSED,
        TENSOR,
        /// A tensor whose storage does not determine its dtype.
        TENSOR_WITH_DTYPE,
        PARAMETER,
        /// Calls one of the three previous roles.
        TENSOR_FROM_TYPE,
        TENSOR_TYPE,
        STORAGE_TYPE,
        DTYPE
    }

    private static final Map<String, Global> ALLOWED = allowed();

    private static Map<String, Global> allowed() {
        Map<String, Global> all = new HashMap<>();
        put(all, Role.MAPPING, "collections.OrderedDict");
        put(all, Role.SIZE, "torch.Size");
        // Protocol 2 writes bytes and sets like this; in Python 2 they were in another module.
        put(all, Role.UNUSED, "_codecs.encode", "builtins.set", "__builtin__.set");
        put(all, Role.UNUSED, "builtins.bytearray", "__builtin__.bytearray", "torch.device");
        put(all, Role.TENSOR, "torch._utils._rebuild_tensor", "torch._utils._rebuild_tensor_v2");
        put(all, Role.TENSOR_WITH_DTYPE, "torch._utils._rebuild_tensor_v3");
        put(all, Role.PARAMETER, "torch._utils._rebuild_parameter");
        put(all, Role.PARAMETER, "torch._utils._rebuild_parameter_with_state");
        put(all, Role.TENSOR_FROM_TYPE, "torch._tensor._rebuild_from_type_v2");
        put(all, Role.TENSOR_TYPE, "torch.Tensor", "torch.nn.parameter.Parameter");
        putStorage(all, "Double", DType.F64);
        putStorage(all, "Float", DType.F32);
        putStorage(all, "Half", DType.F16);
        putStorage(all, "BFloat16", DType.BF16);
        putStorage(all, "Long", DType.I64);
        putStorage(all, "Int", DType.I32);
        putStorage(all, "Short", DType.I16);
        putStorage(all, "Char", DType.I8);
        putStorage(all, "Byte", DType.U8);
        putStorage(all, "Bool", DType.BOOL);
        put(all, Role.STORAGE_TYPE, "torch.UntypedStorage", "torch.storage.UntypedStorage");
        for (DType dtype : DType.values()) {
            // For such a tensor, PyTorch counts bytes, not elements.
            if (dtype.isPacked()) {
                continue;
            }
            String name = "torch." + dtype.torchName();
            all.put(name, new Global(name, Role.DTYPE, Optional.of(dtype)));
        }
        return Map.copyOf(all);
    }

    private static void put(Map<String, Global> all, Role role, String... names) {
        for (String name : names) {
            all.put(name, new Global(name, role, Optional.empty()));
        }
    }

    private static void putStorage(Map<String, Global> all, String type, DType dtype) {
        String name = "torch." + type + "Storage";
        all.put(name, new Global(name, Role.STORAGE_TYPE, Optional.of(dtype)));
    }

    /// The class of storages for a dtype; some dtypes have none.
    static Optional<String> storageType(DType dtype) {
        return ALLOWED.values().stream()
                .filter(g -> g.role == Role.STORAGE_TYPE && g.dtype.equals(Optional.of(dtype)))
                .map(Global::name)
                .findFirst();
    }

    @Override
    public String kind() {
        return "'" + name + "'";
    }

    /// Finds one by its module and name, joined by a dot.
    static Optional<Global> find(String name) {
        return Optional.ofNullable(ALLOWED.get(name));
    }
}
