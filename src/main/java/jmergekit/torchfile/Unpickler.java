package jmergekit.torchfile;

import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;
import jmergekit.torchfile.Pickled.Items;
import jmergekit.torchfile.Pickled.Mapping;
import jmergekit.torchfile.Pickled.Tensor;

/// Reads one pickle. Its nesting depth does not matter: containers refer to each other, and nothing
/// here follows the references.
final class Unpickler {
    /// Far more than the names and views of any checkpoint, in bytes.
    static final long LONGEST = 100_000_000;

    private static final int HIGHEST_PROTOCOL = 5;
    private static final int LONGEST_NAME = 1 << 10;
    private static final int CONTAINER_BYTES = 96;
    private static final int ITEM_BYTES = 16;

    private final FileInput input;
    private final PickleStack stack;
    private final Literals literals;
    private final Calls calls;
    private final ForeignObjects foreign;
    private final ForeignCalls foreignCalls;

    Unpickler(FileInput input, ForeignObjects foreign) {
        this.input = input;
        this.stack = new PickleStack(input);
        this.literals = new Literals(input, stack);
        this.calls = new Calls(input, stack);
        this.foreign = foreign;
        this.foreignCalls = new ForeignCalls(stack);
    }

    /// The storages that the pickle refers to.
    Collection<Storage> storages() {
        return calls.storages();
    }

    /// Reads to the end of the pickle. Throws a [MergeException] that names the file.
    Pickled read() throws IOException {
        long begin = input.position();
        while (true) {
            long at = input.position();
            if (at - begin > LONGEST) {
                throw input.tooLarge(
                        "is too long",
                        "at most %d bytes of names, shapes and other values".formatted(LONGEST));
            }
            int code = input.u8();
            Optional<Opcode> opcode = Opcode.of(code);
            if (opcode.isEmpty()) {
                throw input.damaged(at, "0x%02x is not a pickle opcode".formatted(code));
            }
            if (opcode.get() == Opcode.STOP) {
                return stack.pop();
            }
            step(opcode.get());
        }
    }

    private void step(Opcode opcode) throws IOException {
        switch (opcode) {
            case PROTO -> protocol(input.u8());
            case FRAME -> input.i64();
            case MARK -> stack.mark();
            case POP -> stack.pop();
            case POP_MARK -> stack.popToMark();
            case DUP -> stack.push(stack.top());
            case BINGET -> stack.push(stack.recall(input.u8()));
            case LONG_BINGET -> stack.push(stack.recall(input.u32()));
            case BINPUT -> stack.remember(input.u8());
            case LONG_BINPUT -> stack.remember(input.u32());
            case MEMOIZE -> stack.rememberNext();
            case EMPTY_TUPLE, TUPLE1, TUPLE2, TUPLE3, TUPLE, EMPTY_LIST, LIST ->
                    stack.push(items(opcode));
            case APPEND -> append(stack.pop(1));
            case APPENDS -> append(stack.popToMark());
            case EMPTY_DICT -> stack.push(mapping(List.of()));
            case DICT -> stack.push(mapping(stack.popToMark()));
            case SETITEM -> set(stack.pop(2));
            case SETITEMS -> set(stack.popToMark());
            case EMPTY_SET -> stack.push(Literals.SET);
            case ADDITEMS -> stack.popToMark();
            case FROZENSET -> {
                stack.popToMark();
                stack.push(Literals.SET);
            }
            case GLOBAL -> {
                String module = literals.line(LONGEST_NAME);
                stack.push(global(module, literals.line(LONGEST_NAME)));
            }
            case STACK_GLOBAL -> {
                String name = stack.popText();
                stack.push(global(stack.popText(), name));
            }
            case REDUCE, NEWOBJ -> call();
            case BUILD -> build();
            case BINPERSID -> {
                Pickled reference = stack.pop();
                Optional<Foreign> module = ForeignCalls.module(reference);
                stack.push(module.isPresent() ? module.get() : calls.storage(reference));
            }
            case FLOAT,
                    INT,
                    LONG,
                    STRING,
                    UNICODE,
                    GET,
                    PUT,
                    PERSID,
                    INST,
                    OBJ,
                    NEWOBJ_EX,
                    EXT1,
                    EXT2,
                    EXT4,
                    NEXT_BUFFER,
                    READONLY_BUFFER ->
                    throw input.refused(
                            "uses opcode %s, which checkpoints do not use".formatted(opcode));
            default -> stack.push(literals.read(opcode));
        }
    }

    private void protocol(int number) {
        if (number > HIGHEST_PROTOCOL) {
            throw input.refused(
                    "has protocol %d, and %d is the latest known"
                            .formatted(number, HIGHEST_PROTOCOL));
        }
    }

    private Items items(Opcode opcode) {
        List<Pickled> values =
                switch (opcode) {
                    case EMPTY_TUPLE, EMPTY_LIST -> List.of();
                    case TUPLE1 -> stack.pop(1);
                    case TUPLE2 -> stack.pop(2);
                    case TUPLE3 -> stack.pop(3);
                    default -> stack.popToMark();
                };
        stack.spend(CONTAINER_BYTES + (long) ITEM_BYTES * values.size());
        Items items = new Items(opcode == Opcode.EMPTY_LIST || opcode == Opcode.LIST);
        values.forEach(items::add);
        return items;
    }

    private void append(List<Pickled> values) {
        if (stack.top() instanceof Foreign object) {
            values.forEach(object::takeIn);
            return;
        }
        if (!(stack.top() instanceof Items items && items.isList())) {
            throw input.damaged("%s is not a list to add to".formatted(stack.top().kind()));
        }
        stack.spend((long) ITEM_BYTES * values.size());
        values.forEach(items::add);
    }

    private Mapping mapping(List<Pickled> keysAndValues) {
        stack.spend(CONTAINER_BYTES);
        Mapping mapping = new Mapping();
        fill(mapping, keysAndValues);
        return mapping;
    }

    private void set(List<Pickled> keysAndValues) {
        if (stack.top() instanceof Foreign object) {
            keysAndValues.forEach(object::takeIn);
            return;
        }
        if (!(stack.top() instanceof Mapping mapping)) {
            throw input.damaged("%s is not a dictionary to add to".formatted(stack.top().kind()));
        }
        fill(mapping, keysAndValues);
    }

    private void fill(Mapping mapping, List<Pickled> keysAndValues) {
        if (keysAndValues.size() % 2 != 0) {
            throw input.damaged("a key has no value");
        }
        stack.spend((long) ITEM_BYTES * keysAndValues.size());
        for (int i = 0; i < keysAndValues.size(); i += 2) {
            mapping.put(keysAndValues.get(i), keysAndValues.get(i + 1));
        }
    }

    private Pickled global(String module, String name) {
        String full = module + "." + name;
        Optional<Global> known = Global.find(full);
        if (known.isPresent()) {
            return known.get();
        }
        if (foreign == ForeignObjects.REFUSED || isUnknownStorage(module, full)) {
            throw notAllowed(module, full);
        }
        return foreignCalls.type(full);
    }

    // The type of its tensors would be unknown, and here they cannot be distinguished from a
    // model's.
    private static boolean isUnknownStorage(String module, String full) {
        return module.equals("torch") && full.endsWith("Storage");
    }

    private MergeException notAllowed(String module, String full) {
        if (isUnknownStorage(module, full)) {
            return input.refused("holds tensors of '%s', which are not supported".formatted(full));
        }
        return new MergeException(
                Problem.input(
                                input.file().toString(),
                                "its pickle uses '%s', which plain tensors do not need"
                                        .formatted(full))
                        .hint(
                                "none of its code was run; save only the state dict, or use the"
                                        + " safetensors form of the model"));
    }

    private void call() {
        Pickled arguments = stack.pop();
        Pickled called = stack.pop();
        if (called instanceof Global global && arguments instanceof Items items) {
            Optional<Foreign> made = foreignCalls.made(global, items);
            stack.push(made.isPresent() ? made.get() : calls.call(global, items));
        } else if (called instanceof Foreign type && arguments instanceof Items items) {
            stack.push(foreignCalls.made(type, items));
        } else {
            throw input.damaged("%s is called with %s".formatted(called.kind(), arguments.kind()));
        }
    }

    // The values to set are attributes, such as the versions of modules in a state dict.
    private void build() {
        Pickled state = stack.pop();
        if (stack.top() instanceof Foreign object) {
            object.takeIn(state);
            return;
        }
        if (!(stack.top() instanceof Mapping || stack.top() instanceof Tensor)) {
            throw input.damaged("%s has no attributes to set".formatted(stack.top().kind()));
        }
    }
}
