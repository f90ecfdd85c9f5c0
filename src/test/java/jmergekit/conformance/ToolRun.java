package jmergekit.conformance;

import java.nio.file.Path;
import java.util.List;

/// What one run of the tool left: its exit status, its messages, its output folder, the output of a
/// second run where one was made, and files beside the output that should not be there.
record ToolRun(int status, String messages, Path output, Path again, List<String> leftovers) {}
