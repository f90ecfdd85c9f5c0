package jmergekit.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import jmergekit.page.Numbers;
import jmergekit.problem.ByteSize;
import jmergekit.problem.Printable;

/// A check as text for a terminal.
public final class CheckText {
    private final Check check;
    private final ModelNames names;
    private final List<String> lines = new ArrayList<>();

    private CheckText(Check check) {
        this.check = check;
        this.names = new ModelNames(check.plan().models());
    }

    /// The lines, without warnings, which commands report separately.
    public static List<String> of(Check check) {
        CheckText text = new CheckText(check);
        text.head();
        text.parameters();
        text.needs();
        text.time();
        text.preview();
        return text.lines.stream().map(Printable::line).toList();
    }

    private void head() {
        line("recipe    %s", check.title());
        for (ModelShare model : check.models()) {
            line(
                    "model     %s: %s tensors, %s parameters, %s",
                    model.name(),
                    Numbers.text(model.tensors()),
                    count(model.elements()),
                    ByteSize.text(model.bytes()));
        }
        for (TaskKind kind : TaskKind.of(check.plan())) {
            line(
                    "tensors   %s by %s, %s",
                    Numbers.text(kind.tensors()), kind.how(), ByteSize.text(kind.bytes()));
        }
        line("          %s", check.made());
        line(
                "output    %s parameters, %s in %d file(s)",
                count(
                        check.plan().tasks().stream()
                                .mapToLong(t -> t.output().shape().elements())
                                .sum()),
                ByteSize.text(check.plan().outputBytes()),
                check.plan().shards().shards().size());
        line("plan      %s", check.plan().hash());
        check.plan().listing().settings().forEach(lines::add);
    }

    /// `1.1 billion`
    static String count(long elements) {
        return elements < 1_000_000
                ? Numbers.text(elements)
                : elements < 1_000_000_000
                        ? String.format(Locale.ROOT, "%.1f million", elements / 1e6)
                        : String.format(Locale.ROOT, "%.2f billion", elements / 1e9);
    }

    private void parameters() {
        List<ParameterValues> parameters = names.of(PlanParameters.of(check.plan()));
        if (!parameters.isEmpty()) {
            line("");
            line("parameters");
            lines.addAll(ParameterText.lines(parameters));
        }
    }

    private void needs() {
        Needs needs = check.needs();
        line("");
        line(
                "memory    about %s with %d thread(s), excluding the page cache; the heap limit "
                        + "is %s",
                ByteSize.text(needs.memory()), needs.threads(), ByteSize.text(needs.heap()));
        line(
                "disk      %s needed, %s free at %s",
                ByteSize.text(needs.disk()), free(needs), needs.place());
        if (needs.downloads() > 0) {
            line("download  %s in %d file(s)", ByteSize.text(needs.download()), needs.downloads());
        }
    }

    /// The free space, as text.
    static String free(Needs needs) {
        return needs.free() == Long.MAX_VALUE ? "an unknown amount" : ByteSize.text(needs.free());
    }

    private void time() {
        check.seconds().ifPresent(seconds -> line("time      %s", time(check, seconds)));
        check.unknown().forEach(reason -> line("unknown   %s", reason));
    }

    /// The estimate and its basis.
    static String time(Check check, double seconds) {
        TimeEstimate time = check.time().orElseThrow();
        String sample =
                time.sampleBytes() == time.bytes()
                        ? "all tensors"
                        : "%s of %s"
                                .formatted(
                                        ByteSize.text(time.sampleBytes()),
                                        ByteSize.text(time.bytes()));
        return "about %s with %d thread(s), estimated from %s, computed in %s%s"
                .formatted(
                        duration(seconds),
                        time.threads(),
                        sample,
                        duration(time.sampleSeconds()),
                        time.writes() ? "" : ", without writing");
    }

    /// `0.2 s`, `45 s`, `3 min`, `2 h 10 min`
    static String duration(double seconds) {
        if (seconds < 9.95) {
            return String.format(Locale.ROOT, "%.1f s", seconds);
        }
        if (seconds < 119.5) {
            return Math.round(seconds) + " s";
        }
        long minutes = Math.round(seconds / 60);
        return minutes < 120 ? minutes + " min" : minutes / 60 + " h " + minutes % 60 + " min";
    }

    private void preview() {
        check.preview().forEach(p -> lines.addAll(PreviewText.lines(names.of(p))));
    }

    private void line(String format, Object... arguments) {
        lines.add(format.formatted(arguments));
    }
}
