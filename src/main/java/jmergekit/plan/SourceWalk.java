package jmergekit.plan;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/// Collects sources and everything that they are made from, entering each inner task once.
final class SourceWalk {
    private final List<Source> found = new ArrayList<>();
    private final List<TensorTask> tasks = new ArrayList<>();
    private final Set<TensorTask> entered = Collections.newSetFromMap(new IdentityHashMap<>());

    SourceWalk add(Source source) {
        found.add(source);
        if (!(source instanceof Source.Made made)) {
            source.parts().forEach(this::add);
        } else if (entered.add(made.task())) {
            tasks.add(made.task());
            source.parts().forEach(this::add);
        }
        return this;
    }

    /// The sources found, each before its parts.
    Stream<Source> found() {
        return found.stream();
    }

    /// The inner tasks among them, each once.
    List<TensorTask> tasks() {
        return tasks;
    }
}
