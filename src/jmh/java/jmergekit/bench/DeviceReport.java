package jmergekit.bench;

import java.io.PrintStream;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToLongFunction;

/// Prints a comparison of merges on GPUs and on the CPU, as Markdown.
final class DeviceReport {
    private final PrintStream out;
    private final Verdicts verdicts;
    private boolean begun;

    DeviceReport(PrintStream out, Verdicts verdicts) {
        this.out = out;
        this.verdicts = verdicts;
    }

    /// A row for each device that a method ran on. Seconds and the ratio are medians. The program's
    /// report about the device is from the round with the median time, and differences and memory
    /// are from the worst round.
    void method(Scenario scenario, List<DeviceRound> rounds) {
        if (!begun) {
            begun = true;
            out.println();
            out.println(
                    "| method | on | `cat` | `cp` | CPU merge | GPU merge | CPU / GPU | device"
                            + " | moved | bandwidth | pinned copy | bits differ | largest"
                            + " difference | peak, CPU | peak, GPU |");
            out.println("|---|---|--:|--:|--:|--:|--:|--:|---|--:|--:|--:|--:|--:|--:|");
        }
        MergeRun cpu = rounds.getLast().cpu();
        if (cpu.failed()) {
            failed(scenario, Device.CPU, cpu);
            return;
        }
        for (int i = 0; i < rounds.getLast().gpus().size(); i++) {
            int index = i;
            device(scenario, rounds, rounds.stream().map(r -> r.gpus().get(index)).toList());
        }
        out.flush();
    }

    private void failed(Scenario scenario, Device device, MergeRun run) {
        verdicts.fail();
        out.printf(
                "| %s | %s | %s |%n",
                scenario.name(), device.label(), run.failure().orElse("it failed"));
        out.flush();
    }

    private void device(Scenario scenario, List<DeviceRound> rounds, List<DeviceRun> runs) {
        DeviceRun last = runs.getLast();
        if (last.merge().failed()) {
            failed(scenario, last.device(), last.merge());
            return;
        }
        double[] ratios = new double[runs.size()];
        for (int i = 0; i < ratios.length; i++) {
            ratios[i] = rounds.get(i).cpu().seconds() / runs.get(i).merge().seconds();
        }
        DeviceRun usual = usual(runs);
        Difference worst =
                runs.stream()
                        .flatMap(r -> r.difference().stream())
                        .reduce(Difference::max)
                        .orElseThrow();
        int steps =
                runs.stream()
                        .flatMap(r -> r.difference().stream())
                        .mapToInt(Difference::steps)
                        .max()
                        .orElseThrow();
        out.printf(
                "| %s | %s | %.2f s | %.2f s | %.2f s | %.2f s | %.2f× | %s | %s | %s | %s | %s"
                        + " | %d | %s | %s |%n",
                scenario.name(),
                last.device().label(),
                Report.median(rounds, DeviceRound::catSeconds),
                Report.median(rounds, DeviceRound::copySeconds),
                Report.median(rounds, r -> r.cpu().seconds()),
                Report.median(runs, r -> r.merge().seconds()),
                Report.median(ratios),
                usual.busy(),
                usual.moved(),
                usual.speed(),
                usual.pinnedSpeed(),
                worst.different() == 0 ? "0" : "%.3g %%".formatted(100 * worst.share()),
                steps,
                peak(rounds, r -> r.cpu().peakBytes()),
                peak(runs, r -> r.merge().peakBytes()));
    }

    private static DeviceRun usual(List<DeviceRun> runs) {
        return runs.stream()
                .sorted(Comparator.comparingDouble(r -> r.merge().seconds()))
                .toList()
                .get((runs.size() - 1) / 2);
    }

    private static <T> String peak(List<T> rounds, ToLongFunction<T> bytes) {
        return Report.mebibytes(rounds.stream().mapToLong(bytes).max().orElseThrow());
    }
}
