package jmergekit.plugin;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import jmergekit.primitive.Primitives;
import org.jspecify.annotations.Nullable;

/// Counts how often the output is written. Without this, a method that forgets to write it would
/// leave zeros.
final class CountedOutput implements InvocationHandler {
    private final Primitives primitives;
    private int outputs;

    CountedOutput(Primitives primitives) {
        this.primitives = primitives;
    }

    /// The primitives, with counting.
    Primitives counted() {
        return (Primitives)
                Proxy.newProxyInstance(
                        Primitives.class.getClassLoader(), new Class<?>[] {Primitives.class}, this);
    }

    /// Refuses any number of outputs but one.
    void check() {
        if (outputs != 1) {
            throw new IllegalStateException(
                    "combine() must be called once, but was called %d times".formatted(outputs));
        }
    }

    @Override
    public @Nullable Object invoke(
            Object proxy, Method method, @Nullable Object @Nullable [] arguments) throws Throwable {
        if (method.getName().equals("combine")) {
            outputs++;
            if (outputs > 1) {
                return null;
            }
        }
        try {
            return method.invoke(primitives, arguments);
        } catch (InvocationTargetException e) {
            throw e.getTargetException();
        }
    }
}
