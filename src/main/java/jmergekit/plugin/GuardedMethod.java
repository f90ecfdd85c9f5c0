package jmergekit.plugin;

import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.function.Supplier;
import jmergekit.method.MergeInput;
import jmergekit.method.MergeMethod;
import jmergekit.method.MethodInfo;
import jmergekit.method.PreparedMethod;
import jmergekit.primitive.Primitives;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;
import jmergekit.threads.Cancellation;

/// A method of a plugin, whose exceptions become messages about the plugin.
///
/// @param info as it was checked; the plugin is not asked again
record GuardedMethod(MergeMethod method, MethodInfo info) implements MergeMethod {
    /// The same for a method that measures first.
    record Prepared(PreparedMethod method, MethodInfo info) implements PreparedMethod {
        private GuardedMethod guard() {
            return new GuardedMethod(method, info);
        }

        @Override
        public String group(MergeInput input) {
            return guard().call("group()", input, () -> method.group(input));
        }

        @Override
        public double[] measure(MergeInput input, Primitives primitives) {
            return guard().call("measure()", input, () -> method.measure(input, primitives));
        }

        @Override
        public Optional<String> violation(MergeInput input) {
            return guard().violation(input);
        }

        @Override
        public boolean copies(MergeInput input) {
            return guard().copies(input);
        }

        @Override
        public Optional<double[]> changeFactors(MergeInput input) {
            return guard().changeFactors(input);
        }

        @Override
        public long memory(MergeInput input) {
            return guard().memory(input);
        }

        @Override
        public void merge(MergeInput input, Primitives primitives) {
            guard().merge(input, primitives);
        }
    }

    /// The guarded form of a method.
    static MergeMethod of(MergeMethod method, MethodInfo info) {
        return method instanceof PreparedMethod prepared
                ? new Prepared(prepared, info)
                : new GuardedMethod(method, info);
    }

    @Override
    public Optional<String> violation(MergeInput input) {
        return call("violation()", input, () -> method.violation(input));
    }

    @Override
    public boolean copies(MergeInput input) {
        return call("copies()", input, () -> method.copies(input));
    }

    @Override
    public Optional<double[]> changeFactors(MergeInput input) {
        return call("changeFactors()", input, () -> method.changeFactors(input));
    }

    @Override
    public long memory(MergeInput input) {
        return call("memory()", input, () -> method.memory(input));
    }

    @Override
    public void merge(MergeInput input, Primitives primitives) {
        CountedOutput output = new CountedOutput(primitives);
        call(
                "merge()",
                input,
                () -> {
                    method.merge(input, output.counted());
                    output.check();
                    return "";
                });
    }

    private <T> T call(String what, MergeInput input, Supplier<T> work) {
        try {
            T result = work.get();
            if (result == null) {
                throw new NullPointerException("the result is null");
            }
            return result;
        } catch (MergeException
                | Cancellation.Cancelled
                | CancellationException
                | UncheckedIOException e) {
            // Of the run, not of the plugin.
            throw e;
        } catch (RuntimeException | LinkageError | AssertionError | StackOverflowError e) {
            throw new MergeException(
                    Problem.defect(
                                    "tensor '" + input.tensor() + "'",
                                    "merge method '%s' of the plugin %s failed in its %s"
                                            .formatted(
                                                    info.name(),
                                                    info.plugin().orElse("without a name"),
                                                    what))
                            .found(Fault.text(e))
                            .hint(
                                    "report it to the plugin's author; this is a fault of the plugin"),
                    e);
        }
    }
}
