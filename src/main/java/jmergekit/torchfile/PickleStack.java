package jmergekit.torchfile;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The state of reading a pickle: its stack with marks, its memo, and how much memory it may still
/// use.
final class PickleStack {
    /// The most memory that the values of one pickle may use, in bytes by a rough count; enough for
    /// the names and views of 60,000 matrices.
    static final long MAX_BYTES = 128L << 20;

    private static final int SLOT_BYTES = 8;
    private static final int MARK_BYTES = 24;

    private final FileInput input;
    private final List<Pickled> values = new ArrayList<>();
    private final List<Integer> marks = new ArrayList<>();

    /// By number; picklers count up from 0.
    private final List<@Nullable Pickled> memo = new ArrayList<>();

    private long left = MAX_BYTES;

    PickleStack(FileInput input) {
        this.input = input;
    }

    /// Counts memory that is about to be used.
    void spend(long bytes) {
        left -= bytes;
        if (left < 0) {
            throw input.tooLarge(
                    "holds too many values",
                    "at most %d MB of names, shapes and other values, enough for about 60,000 matrices"
                            .formatted(MAX_BYTES >> 20));
        }
    }

    void push(Pickled value) {
        spend(SLOT_BYTES);
        values.add(value);
    }

    Pickled pop() {
        Pickled top = top();
        values.removeLast();
        return top;
    }

    /// Pops a text from the stack.
    String popText() {
        if (pop() instanceof Pickled.Text(String text)) {
            return text;
        }
        throw input.damaged("a string is missing");
    }

    Pickled top() {
        if (values.size() == (marks.isEmpty() ? 0 : marks.getLast())) {
            throw input.damaged("a value is missing");
        }
        return values.getLast();
    }

    void mark() {
        spend(MARK_BYTES);
        marks.add(values.size());
    }

    /// Pops the values above the last mark, and the mark.
    List<Pickled> popToMark() {
        if (marks.isEmpty()) {
            throw input.damaged("a mark is missing");
        }
        return popFrom(marks.removeLast());
    }

    /// Pops the top `count` values.
    List<Pickled> pop(int count) {
        int from = values.size() - count;
        if (from < (marks.isEmpty() ? 0 : marks.getLast())) {
            throw input.damaged("a value is missing");
        }
        return popFrom(from);
    }

    private List<Pickled> popFrom(int from) {
        List<Pickled> tail = values.subList(from, values.size());
        spend((long) SLOT_BYTES * tail.size());
        List<Pickled> taken = List.copyOf(tail);
        tail.clear();
        return taken;
    }

    void remember(long index) {
        if (index >= memo.size()) {
            spend(SLOT_BYTES * (index + 1 - memo.size()));
        }
        while (memo.size() <= index) {
            memo.add(null);
        }
        memo.set((int) index, top());
    }

    void rememberNext() {
        remember(memo.size());
    }

    Pickled recall(long index) {
        Pickled value = index < memo.size() ? memo.get((int) index) : null;
        if (value == null) {
            throw input.damaged("value %d is used before it is defined".formatted(index));
        }
        return value;
    }
}
