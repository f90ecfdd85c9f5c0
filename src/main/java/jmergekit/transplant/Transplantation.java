package jmergekit.transplant;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import jmergekit.engine.InputTensors;
import jmergekit.engine.NonFiniteTensor;
import jmergekit.engine.Progress;
import jmergekit.engine.ScratchTensors;
import jmergekit.engine.TensorComputation.Outcome;
import jmergekit.problem.MergeException;
import jmergekit.problem.Problem;
import jmergekit.source.NormalNoise;
import jmergekit.tensor.DType;
import jmergekit.threads.Workers;
import jmergekit.tile.CounterRandom;
import jmergekit.tile.TileOps;
import jmergekit.tokenizer.TextTokenizer;
import jmergekit.tokenizer.TokenMatches;

/// Computes the rows of all tables of a model, one side at a time, with batches of tokens in
/// parallel.
final class Transplantation {
    private static final int COPIED = 1024;

    private final PlannedTransplant plan;
    private final InputTensors inputs;
    private final ScratchTensors store;
    private final Progress progress;
    private final TileOps ops = TileOps.best();

    Transplantation(
            PlannedTransplant plan, InputTensors inputs, ScratchTensors store, Progress progress) {
        this.plan = plan;
        this.inputs = inputs;
        this.store = store;
        this.progress = progress;
    }

    /// A table that is being made.
    private record Open(TokenTable table, Rows model, double[] mean, ScratchTensors.Sink sink) {}

    Outcome run(int threads) {
        TransplantReport report = new TransplantReport(plan);
        try (Workers workers = new Workers(threads)) {
            for (Side side : plan.routes().keySet()) {
                run(side, workers, report);
            }
        }
        return report.outcome();
    }

    private void run(Side side, Workers workers, TransplantReport report) {
        List<Rows> models = plan.of(side).stream().map(this::rows).toList();
        BitSet finite = finite(side, models, report);
        List<Open> tables =
                IntStream.range(0, models.size())
                        .mapToObj(t -> open(plan.of(side).get(t), models.get(t), finite))
                        .toList();
        TokenRoutes routes = plan.routes().get(side);
        Optional<DonorRows> read = donor(side);
        read.flatMap(d -> d.warning(plan, side)).ifPresent(report::warn);
        Optional<Rows> donor = read.map(DonorRows::rows);
        BitSet finiteInDonor = read.map(DonorRows::usable).orElseGet(BitSet::new);
        Atoms sound =
                Atoms.of(plan.matches())
                        .filter((own, other) ->
                                finite.get(own) && (donor.isEmpty() || finiteInDonor.get(other)));
        if (sound.count() == 0) {
            throw new MergeException(
                    Problem.input(
                            plan.donor().reference().toString(),
                            "no token shared with '%s' has finite rows in both models"
                                    .formatted(plan.model().reference())));
        }
        Atoms atoms = wellTrained(sound, models.getFirst(), donor).usable(plan.options().method());
        int[] wanted =
                IntStream.of(routes.approximated())
                        .filter(id -> donor.isEmpty() || finiteInDonor.get(id))
                        .toArray();
        copy(tables, routes, wanted, workers);
        report.add(routes, atoms.count(), routes.approximated().length - wanted.length);
        int[] held = HeldOut.places(plan.options().method(), atoms.count());
        Approximations approximations =
                new Approximations(
                        plan,
                        side,
                        tables.stream().map(t -> t.table().output().name()).toList(),
                        models,
                        finite,
                        tables.stream().map(Open::mean).toList(),
                        donor.orElseGet(models::getFirst),
                        pieces(routes, atoms, held),
                        workers);
        try (Approximation approximation = approximations.of(atoms)) {
            List<Runnable> jobs = new ArrayList<>();
            int step = approximation.batchSize();
            for (int from = 0; from < wanted.length; from += step) {
                int[] tokens =
                        Arrays.copyOfRange(wanted, from, Math.min(wanted.length, from + step));
                jobs.add(() -> approximate(tokens, approximation, tables));
            }
            workers.runAll(jobs);
            new HeldOut(approximations, approximation, atoms, held).measure().forEach(report::add);
        }
    }

    private Rows rows(TokenTable table) {
        return new Rows(inputs.open(table.source()), table.columns());
    }

    // Rows that are finite in all tables of a side.
    private BitSet finite(Side side, List<Rows> tables, TransplantReport report) {
        String model = plan.model().reference().toString();
        BitSet all = new BitSet();
        all.set(0, tables.getFirst().count());
        for (int t = 0; t < tables.size(); t++) {
            String name = plan.of(side).get(t).output().name();
            NonFiniteRows found = new NonFiniteRows(name, tables.get(t), tables.get(t).finite());
            all.and(found.finite());
            found.warning(model, plan.matches().model(), "NaN or infinity").ifPresent(report::warn);
            long copied = found.copied(plan.routes().get(side).modelIds());
            if (copied > 0) {
                report.add(new NonFiniteTensor.Input(model, name, copied));
            }
        }
        return all;
    }

    private Optional<DonorRows> donor(Side side) {
        return Optional.ofNullable(plan.donorRows().get(side))
                .map(s -> new Rows(inputs.open(s), Math.toIntExact(s.shape().rowLength())))
                .map(DonorRows::of);
    }

    private Open open(TokenTable table, Rows rows, BitSet finite) {
        return new Open(table, rows, rows.mean(finite), store.add(table.output()));
    }

    // Excludes tokens that are poorly trained in either model.
    private Atoms wellTrained(Atoms atoms, Rows model, Optional<Rows> donor) {
        if (!plan.options().magikarp()) {
            return atoms;
        }
        BitSet ofModel = PoorlyTrained.of(model, plan.matches().model());
        BitSet ofDonor =
                donor.map(d -> PoorlyTrained.of(d, plan.matches().donor())).orElseGet(BitSet::new);
        Atoms left = atoms.filter((own, other) -> !ofModel.get(own) && !ofDonor.get(other));
        TransplantOptions options = plan.options();
        int needed = options.method().usesK() && options.kIsGiven() ? options.k() : 1;
        if (left.count() < needed) {
            throw new MergeException(
                    Problem.usage("--magikarp", "it leaves fewer shared tokens than -k needs")
                            .expected("at least " + needed)
                            .found(String.valueOf(left.count())));
        }
        return left;
    }

    private Pieces pieces(TokenRoutes routes, Atoms atoms, int[] held) {
        TextTokenizer tokenizer =
                new TextTokenizer(
                        plan.model().reference().toString(), plan.model().tokenizerFolder());
        Pieces pieces = new Pieces(plan.matches(), tokenizer);
        if (plan.options().method() == ApproximationMethod.SUBWORD) {
            pieces.add(routes.approximated());
            pieces.addHalves(IntStream.of(held).map(i -> atoms.donorIds()[i]).toArray());
        }
        return pieces;
    }

    private void copy(List<Open> tables, TokenRoutes routes, int[] wanted, Workers workers) {
        BitSet approximated = new BitSet();
        Arrays.stream(wanted).forEach(approximated::set);
        List<Runnable> jobs = new ArrayList<>();
        for (Open table : tables) {
            for (int from = 0; from < plan.rows(); from += COPIED) {
                int first = from;
                int end = Math.min(plan.rows(), from + COPIED);
                jobs.add(() -> copy(table, routes, approximated, first, end));
            }
        }
        workers.runAll(jobs);
    }

    private void copy(Open table, TokenRoutes routes, BitSet approximated, int first, int end) {
        float[] mean = WeightedRows.narrow(table.mean());
        float[] row = new float[table.table().columns()];
        for (int id = first; id < end; id++) {
            int from = id < routes.modelIds().length ? routes.modelIds()[id] : TokenMatches.NONE;
            if (from != TokenMatches.NONE) {
                table.model().read(from, row);
                write(table, id, row);
            } else if (!approximated.get(id)) {
                // A row without a token, or without finite inputs: see
                // docs/divergences.md#transplanted-padding.
                write(table, id, mean);
            }
        }
    }

    private void approximate(int[] tokens, Approximation approximation, List<Open> tables) {
        float[][] found = new float[tables.size()][];
        for (int t = 0; t < found.length; t++) {
            found[t] = new float[tokens.length * tables.get(t).table().columns()];
        }
        approximation.rows(TokenBatch.of(tokens), found);
        for (int t = 0; t < found.length; t++) {
            int columns = tables.get(t).table().columns();
            for (int i = 0; i < tokens.length; i++) {
                float[] row = Arrays.copyOfRange(found[t], i * columns, (i + 1) * columns);
                change(row, tables.get(t).table().output().name(), tokens[i]);
                write(tables.get(t), tokens[i], row);
            }
        }
        long bytes = tables.stream().mapToLong(t -> rowBytes(t.table())).sum();
        for (int token : tokens) {
            progress.finished(String.valueOf(token), bytes);
        }
    }

    private static long rowBytes(TokenTable table) {
        return (long) table.columns() * table.output().dtype().bytes();
    }

    private void change(float[] row, String table, int token) {
        float scale = (float) plan.options().scale();
        ops.scale(row, scale, row, row.length);
        if (plan.options().noise() != 0) {
            float[] noise = new float[row.length];
            long from = (long) token * row.length;
            new NormalNoise(CounterRandom.key(plan.seed(), table, 1), from + row.length)
                    .read(from, row.length, noise);
            ops.addScaled(row, noise, (float) plan.options().noise(), row.length);
        }
    }

    private void write(Open table, int id, float[] row) {
        DType dtype = table.table().output().dtype();
        MemorySegment bytes = MemorySegment.ofArray(new byte[row.length * dtype.bytes()]);
        ops.narrow(row, row.length, dtype, bytes, 0);
        table.sink().write((long) id * row.length * dtype.bytes(), bytes);
    }
}
