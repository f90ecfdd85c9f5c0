package jmergekit.cli;

import picocli.CommandLine.Option;

/// How much a command prints.
final class OutputOptions {
    @Option(
            names = {"-v", "--verbose"},
            description = "Print what will be merged before starting.")
    boolean[] verbose = new boolean[0];

    @Option(
            names = {"-q", "--quiet"},
            negatable = true,
            description = "Print only warnings and errors.")
    boolean quiet;
}
