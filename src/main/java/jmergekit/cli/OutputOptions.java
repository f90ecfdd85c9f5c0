package jmergekit.cli;

import picocli.CommandLine.Option;

/// How much a command says.
final class OutputOptions {
    @Option(
            names = {"-v", "--verbose"},
            description = "Say more.")
    boolean[] verbose = new boolean[0];

    @Option(
            names = {"-q", "--quiet"},
            description = "Say nothing but warnings and errors.")
    boolean quiet;
}
