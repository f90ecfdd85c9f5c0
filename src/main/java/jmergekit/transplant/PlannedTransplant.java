package jmergekit.transplant;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import jmergekit.engine.InputTensors;
import jmergekit.engine.Progress;
import jmergekit.engine.ScratchTensors;
import jmergekit.engine.TensorComputation;
import jmergekit.model.ModelFolder;
import jmergekit.plan.Source;
import jmergekit.plan.TensorTask;
import jmergekit.shards.ShardLayout;
import jmergekit.tokenizer.TokenMatches;
import tools.jackson.databind.node.ObjectNode;

/// The plan of a transplant; the rows of its tokens are computed before the tensors are made.
///
/// @param routes the sources of rows, by side
/// @param donorRows the donor's rows by side, if the method uses them
/// @param rows the number of rows of the output
/// @param configJson the output's config.json
/// @param generationConfig the output's generation_config.json, if the model has one
/// @param seed the seed for random draws
public record PlannedTransplant(
        ModelFolder model,
        ModelFolder donor,
        TransplantOptions options,
        TokenMatches matches,
        List<TokenTable> tables,
        Map<Side, TokenRoutes> routes,
        Map<Side, Source> donorRows,
        int rows,
        List<TensorTask> tasks,
        ShardLayout shards,
        ObjectNode configJson,
        Optional<ObjectNode> generationConfig,
        long seed)
        implements TensorComputation {
    public PlannedTransplant {
        tables = List.copyOf(tables);
        routes = new TreeMap<>(routes);
        donorRows = new TreeMap<>(donorRows);
        tasks = List.copyOf(tasks);
    }

    List<TokenTable> of(Side side) {
        return tables.stream().filter(t -> t.side() == side).toList();
    }

    /// A message about a default that was adjusted.
    public Optional<String> announcement() {
        boolean fewer = options.method().usesK() && options.k() < TransplantOptions.USUAL_K;
        return fewer && !options.kIsGiven()
                ? Optional.of("-k is %d, since no more tokens are shared".formatted(options.k()))
                : Optional.empty();
    }

    private int approximated(Side side) {
        return routes.get(side).approximated().length;
    }

    @Override
    public Stream<Source> sources() {
        return Stream.concat(tables.stream().map(TokenTable::source), donorRows.values().stream());
    }

    @Override
    public int pieces() {
        return routes.keySet().stream().mapToInt(this::approximated).sum();
    }

    @Override
    public long bytes() {
        long bytes = 0;
        for (TokenTable table : tables) {
            long row = (long) table.columns() * table.output().dtype().bytes();
            bytes += row * approximated(table.side());
        }
        return bytes;
    }

    @Override
    public long scratchBytes() {
        return tables.stream().mapToLong(t -> t.output().bytes()).sum();
    }

    @Override
    public Outcome compute(
            InputTensors inputs, ScratchTensors store, int threads, Progress progress) {
        return new Transplantation(this, inputs, store, progress).run(threads);
    }
}
