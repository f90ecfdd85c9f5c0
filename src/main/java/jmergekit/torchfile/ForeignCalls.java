package jmergekit.torchfile;

import java.util.Optional;
import jmergekit.torchfile.Pickled.Items;
import jmergekit.torchfile.Pickled.Text;

/// The results of a pickle's calls that involve classes unknown to the reader.
record ForeignCalls(PickleStack stack) {
    private static final int BYTES = 64;

    /// Makes an object of the class that is its first argument.
    private static final String RECONSTRUCTOR = "copyreg._reconstructor";

    /// Far more arguments than a call that makes a tensor has.
    private static final int MOST_ARGUMENTS = 16;

    Foreign type(String name) {
        stack.spend(BYTES + 2 * name.length());
        return Foreign.type(name);
    }

    /// An object made by a foreign class or function.
    Foreign made(Foreign called, Items arguments) {
        stack.spend(BYTES);
        boolean named =
                called.name().equals(RECONSTRUCTOR)
                        && arguments.size() > 0
                        && arguments.get(0) instanceof Foreign;
        return Foreign.made(named ? ((Foreign) arguments.get(0)).name() : called.name(), arguments);
    }

    /// The result of a known function with foreign arguments, such as a tensor of an unknown class;
    /// empty if none of the arguments is foreign.
    Optional<Foreign> made(Global called, Items arguments) {
        if (called.role() == Global.Role.MAPPING) {
            return Optional.empty();
        }
        for (int i = 0; i < Math.min(arguments.size(), MOST_ARGUMENTS); i++) {
            if (arguments.get(i) instanceof Foreign type) {
                return Optional.of(made(type, arguments));
            }
        }
        return Optional.empty();
    }

    /// The class of a module, to which streams refer as `('module', class, file, text)`.
    static Optional<Foreign> module(Pickled reference) {
        return reference instanceof Items parts
                        && parts.size() > 1
                        && parts.get(0) instanceof Text(String word)
                        && word.equals("module")
                        && parts.get(1) instanceof Foreign type
                ? Optional.of(type)
                : Optional.empty();
    }
}
