package jmergekit.cli;

import java.io.ByteArrayOutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import jmergekit.hub.FetchList;
import jmergekit.plan.Plan;
import jmergekit.plan.PlanJson;
import jmergekit.plan.PlanText;
import jmergekit.problem.ByteSize;
import jmergekit.problem.Problem;
import jmergekit.problem.Problems;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// The format in which a dry run prints the plan.
enum PlanFormat {
    TEXT {
        @Override
        void print(Plan plan, int threads, boolean every, FetchList downloads, PrintWriter out) {
            if (!downloads.isEmpty()) {
                out.println(
                        "downloads %s in %d file(s)"
                                .formatted(ByteSize.text(downloads.bytes()), downloads.files()));
            }
            out.print(PlanText.of(plan, threads, every));
            out.flush();
        }
    },
    JSON {
        @Override
        void print(Plan plan, int threads, boolean every, FetchList downloads, PrintWriter out) {
            ByteArrayOutputStream json = new ByteArrayOutputStream();
            PlanJson.write(plan, json);
            out.println(json.toString(StandardCharsets.UTF_8));
            out.flush();
        }
    };

    /// Reports a format given for a run that does not print the plan.
    void check(boolean dryRun, Problems problems) {
        if (this == JSON && !dryRun) {
            problems.add(
                    Problem.usage("--format json", "only --dry-run prints the plan")
                            .hint("add --dry-run, or omit the option"));
        }
    }

    /// @param every whether the text lists each tensor of a large plan
    abstract void print(
            Plan plan, int threads, boolean every, FetchList downloads, PrintWriter out);

    /// Parses the format's name on the command line.
    static final class Name implements ITypeConverter<PlanFormat> {
        @Override
        public PlanFormat convert(String name) {
            return switch (name) {
                case "text" -> TEXT;
                case "json" -> JSON;
                default -> throw new TypeConversionException("expected text or json, not " + name);
            };
        }
    }
}
