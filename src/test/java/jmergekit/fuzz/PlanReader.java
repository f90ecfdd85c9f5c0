package jmergekit.fuzz;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import jmergekit.plan.PlanJson;
import jmergekit.weights.TensorEntry;
import jmergekit.weights.WeightHeader;

/// Plans with sources of every kind of packed weights, damaged anywhere.
final class PlanReader implements Reader {
    private final Mutation mutation;
    private final byte[] plan;

    private record NoTensors(Path file, long fileSize) implements WeightHeader {
        @Override
        public List<TensorEntry> entries() {
            return List.of();
        }
    }

    /// @param plan a whole one
    PlanReader(Random random, Path plan) throws IOException {
        this.mutation =
                new Mutation(
                        random,
                        Mutation.tokens(
                                ("-1 0 1 32 1e999 9223372036854775807 4611686018427387904 null true"
                                                + " { } [ ] , : [0] [1,0] \"F4\" \"U8\" \"viewed\" \"scaled\""
                                                + " \"rows\":2, \"divided\":true, \"block_rows\":1 \"shaped\""
                                                + " \"transposed\" \"interleaved\" \"is\":\"rows\"")
                                        .split(" ")));
        this.plan = Files.readAllBytes(plan);
    }

    @Override
    public void write(Path file) throws IOException {
        Files.write(file, mutation.of(plan));
    }

    @Override
    public WeightHeader read(Path file) throws IOException {
        PlanJson.read(Files.readAllBytes(file), "plan");
        return new NoTensors(file, Files.size(file));
    }
}
