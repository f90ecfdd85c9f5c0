package jmergekit.cli;

import picocli.CommandLine.Option;

/// How much a command says.
final class OutputOptions {
    @Option(
            names = {"-v", "--verbose"},
            description = "Say what will be merged before it starts.")
    boolean[] verbose = new boolean[0];

    @Option(
            names = {"-q", "--quiet"},
            negatable = true,
            description = "Print nothing but warnings and errors.")
    boolean quiet;
}
