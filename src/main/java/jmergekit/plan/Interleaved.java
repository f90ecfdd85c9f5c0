package jmergekit.plan;

import java.util.List;
import jmergekit.tensor.Shape;

/// The interleaved rows of tensors of one shape: the first row of each, then the second of each.
public record Interleaved(List<Source> parts) implements Source.Assembled {
    public Interleaved {
        parts = List.copyOf(parts);
        Shape first = parts.getFirst().shape();
        if (first.rank() == 0 || parts.stream().anyMatch(p -> !p.shape().equals(first))) {
            throw new IllegalArgumentException("rows of " + parts.stream().map(Source::shape));
        }
    }

    @Override
    public Shape shape() {
        Shape first = parts.getFirst().shape();
        return first.withRows(first.size(0) * parts.size());
    }
}
