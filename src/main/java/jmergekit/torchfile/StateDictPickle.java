package jmergekit.torchfile;

import java.util.List;
import jmergekit.tensor.DType;
import jmergekit.tensor.Strides;
import jmergekit.tensor.TensorSpec;

/// The pickle of a dictionary of tensors, each with its own storage. Storages are numbered in the
/// order of the tensors.
final class StateDictPickle {
    private static final String TENSOR = "torch._utils._rebuild_tensor_v2";
    private static final String TENSOR_WITH_DTYPE = "torch._utils._rebuild_tensor_v3";
    private static final String UNTYPED = "torch.storage.UntypedStorage";
    private static final String NO_HOOKS = "collections.OrderedDict";

    private StateDictPickle() {}

    static byte[] of(List<TensorSpec> tensors) {
        PickleWriter pickle = new PickleWriter();
        pickle.op(Opcode.EMPTY_DICT).op(Opcode.MARK);
        for (int i = 0; i < tensors.size(); i++) {
            pickle.text(tensors.get(i).name());
            tensor(tensors.get(i), String.valueOf(i), pickle);
        }
        return pickle.op(Opcode.SETITEMS).op(Opcode.STOP).bytes();
    }

    // As in torch.save: a dtype without a storage class is stored separately from the storage.
    private static void tensor(TensorSpec spec, String key, PickleWriter pickle) {
        DType dtype = spec.dtype();
        boolean typed = Global.storageType(dtype).isPresent();
        pickle.global(typed ? TENSOR : TENSOR_WITH_DTYPE).op(Opcode.MARK);
        pickle.op(Opcode.MARK).sharedText("storage");
        pickle.global(Global.storageType(dtype).orElse(UNTYPED)).text(key).sharedText("cpu");
        pickle.whole(typed ? spec.shape().elements() : spec.bytes()).op(Opcode.TUPLE);
        pickle.op(Opcode.BINPERSID).whole(0);
        tuple(spec.shape().dimensions(), pickle);
        tuple(Strides.rowMajor(spec.shape()).steps(), pickle);
        // It requires no gradient.
        pickle.op(Opcode.NEWFALSE);
        pickle.global(NO_HOOKS).op(Opcode.EMPTY_TUPLE).op(Opcode.REDUCE);
        if (!typed) {
            pickle.global("torch." + dtype.torchName());
        }
        pickle.op(Opcode.TUPLE).op(Opcode.REDUCE);
    }

    private static void tuple(List<Long> values, PickleWriter pickle) {
        pickle.op(Opcode.MARK);
        values.forEach(pickle::whole);
        pickle.op(Opcode.TUPLE);
    }
}
